import Foundation
import JSON

/// Writes what a quantised checkpoint's weights stand for as plain fp32 weights.
///
/// For experiments only: what is then trained beside or on top of these weights is not what a quantised file of the sum
/// will hold. Quantisation-aware training starts from the unquantised model.
public struct Dequantizer {
    private let checkpoint: Checkpoint

    /// - Parameter source: an NVFP4 checkpoint.
    public init(source: URL) throws(CheckpointError) { checkpoint = try Checkpoint(directory: source) }

    /// Writes the directory, which appears only when it is complete.
    public func run(to destination: URL, overwrites: Bool = false) throws {
        let modules = checkpoint.names.filter { $0.hasSuffix(".weight_scale_2") }
            .map { String($0.dropLast(".weight_scale_2".count)) }
        guard !modules.isEmpty else {
            throw CheckpointError(
                .unsupported, file: checkpoint.directory.path,
                "has no NVFP4 weights in ModelOpt's layout, so there is nothing to dequantise")
        }
        let scales = [".weight_scale", ".weight_scale_2", ".input_scale"]
        let rewrite = CheckpointRewrite(
            checkpoint, types: Dictionary(uniqueKeysWithValues: modules.map { ("\($0).weight", .float32) }),
            dropped: Set(modules.flatMap { module in scales.map { module + $0 } }), overwrites: overwrites)
        try rewrite.run(
            to: destination, leavingOut: [QuantizationConfiguration.modelOptFileName],
            configuration: {
                var root = $0.object ?? JSONObject()
                root["quantization_config"] = nil
                return .object(root)
            },
            values: { tensor in
                try checkpoint.linear(
                    String(tensor.name.dropLast(".weight".count)), rows: tensor.shape[0], columns: tensor.shape[1] * 2
                ).floats()
            })
    }
}
