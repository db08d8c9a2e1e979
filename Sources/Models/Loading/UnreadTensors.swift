import Checkpoints
import Compute

/// Finds tensors of a decoder's layers that its model does not read.
///
/// A layer that is left out, or a bias nobody adds, would give a model that runs and is another one. Towers beside the
/// decoder (vision, multi-token prediction) are left alone.
struct UnreadTensors {
    private let modules: Set<String>
    private let keys: Set<String>
    private let layers: Set<String>

    /// What stands beside a weight that is read, and buffers that are computed anew.
    private static let companions: Set<String> = [
        "weight", "bias", "weight_packed", "weight_shape", "weight_scale", "weight_scale_2", "weight_global_scale",
        "input_scale", "input_global_scale", "pre_quant_scale",
    ]
    private static let ignored = [
        ".rotary_emb.inv_freq", ".k_scale", ".v_scale", ".k_proj.output_scale", ".v_proj.output_scale",
        ".attention.masked_bias", ".attention.bias",
    ]

    init(_ table: ParameterTable) {
        let linears = table.linears.filter(\.hasBias).flatMap(\.parts).map { $0.name + ".bias" }
        modules = Set(table.linears.flatMap { $0.parts.map(\.name) } + table.norms.map(\.name))
        keys = Set(table.arrays.map(\.key) + linears)
        layers = Set(modules.compactMap(Self.layersPrefix))
    }

    /// - Throws: ``ModelLoadingError/unexpectedTensors(_:)``.
    func refuse(in checkpoint: Checkpoint) throws {
        let unread = checkpoint.names.filter { name in
            guard let prefix = Self.layersPrefix(name), layers.contains(prefix) else { return false }
            return !isRead(name) && !Self.ignored.contains(where: name.hasSuffix)
        }
        if !unread.isEmpty { throw ModelLoadingError.unexpectedTensors(unread) }
    }

    private func isRead(_ name: String) -> Bool {
        if keys.contains(name) { return true }
        guard let dot = name.lastIndex(of: ".") else { return false }
        let suffix = String(name[name.index(after: dot)...])
        return suffix != "bias" && Self.companions.contains(suffix) && modules.contains(String(name[..<dot]))
    }

    /// `model.layers.` of `model.layers.3.mlp.up_proj`; nil outside of layers.
    private static func layersPrefix(_ name: String) -> String? {
        guard let range = name.firstRange(of: "layers.") else { return nil }
        return String(name[..<range.upperBound])
    }
}
