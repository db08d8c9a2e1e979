import CKernels
import Checkpoints
import Compute
import Foundation
import JSON
import NVFP4

extension Trainer {
    /// Writes the trained model as a Hugging Face directory that serves: NVFP4 in ModelOpt's layout after
    /// quantisation-aware training, else unquantised. Adapters are folded in.
    ///
    /// What is written, dequantised, is bit for bit what the next forward would multiply with. It appears only when it is
    /// complete.
    ///
    /// What steps alone need of memory is given back first, so that exporting takes no more than training did.
    ///
    /// - Throws: `CheckpointError` when the destination exists (unless it may be overwritten) or cannot be written.
    public func export(to destination: URL, overwrites: Bool = false) throws {
        defer { releaseMemory() }
        guard let fake = options.fakeQuantization, let quantization else {
            releaseMemory()
            return try exportUnquantized(to: destination, overwrites: overwrites)
        }
        // Settles scales that the masters may have outgrown since the last forward.
        weights.prepare(pool)
        releaseMemory()
        let masters = destination.deletingLastPathComponent()
            .appending(path: ".\(destination.lastPathComponent).masters-\(getpid())")
        defer { try? FileManager.default.removeItem(at: masters) }
        try exportUnquantized(to: masters, overwrites: true) { quantization.includes($0) }
        var exportOptions = fake.exportOptions
        exportOptions.overwrites = overwrites
        exportOptions.threads = workers.threads
        exportOptions.weightAmax = quantization.weightAmaxByModule
        exportOptions.inputAmax = quantization.inputAmaxByModule
        exportOptions.blockScales = quantization.learnedScales?.byModule
        _ = try Quantizer(source: masters, options: exportOptions).run(to: destination)
    }

    /// Writes the trained model unquantised: in bf16 after training in bf16, where `isExact` says so in fp32.
    ///
    /// Tensors of the checkpoint that are not the model's (towers, prediction heads) are copied.
    func exportUnquantized(
        to destination: URL, overwrites: Bool, isExact: (Linear) -> Bool = { _ in false }
    ) throws {
        let staged = try StagedDirectory(for: destination, overwrites: overwrites)
        let exact = Set(
            definition.parameters.linears.filter(isExact).flatMap { $0.parts.map { "\($0.name).weight" } }
                + definition.parameters.arrays.filter(\.isExact).map(\.key))
        let rounds = options.precision == .bfloat16
        let own = Set(store.parameters.map(\.name))
        let others = checkpoint.names.filter { !own.contains($0) && $0 != "lm_head.weight" }
            .compactMap { checkpoint.find($0) }
        func type(_ name: String) -> TensorDataType { rounds && !exact.contains(name) ? .bfloat16 : .float32 }
        let writer = try SafetensorsWriter(
            url: staged.url.appending(path: Checkpoint.singleFile),
            tensors: store.parameters.map { TensorDeclaration($0.name, type($0.name), $0.shape) }
                + others.map { TensorDeclaration($0.name, $0.dataType, $0.shape) })
        for (parameter, values) in try effectiveValues() {
            try values.withUnsafeBufferPointer { values in
                if type(parameter.name) == .float32 {
                    try writer.append(UnsafeRawBufferPointer(values), to: parameter.name)
                } else {
                    var halves = [UInt16](repeating: 0, count: values.count)
                    annie_bf16_from_f32_array(&halves, values.baseAddress, values.count)
                    try halves.withUnsafeBytes { try writer.append($0, to: parameter.name) }
                }
            }
        }
        for tensor in others { try tensor.withUnsafeBytes { try writer.append($0, to: tensor.name) } }
        try writer.finish()
        for file in try otherFiles() { try staged.copy(file) }
        try staged.commit()
    }

    /// Every parameter with adapters folded in, one after the other.
    private func effectiveValues() throws -> some Sequence<(ParameterStore.Parameter, [Float])> {
        let linears = Dictionary(
            definition.parameters.linears.flatMap { linear in linear.parts.map { ("\($0.name).weight", linear) } },
            uniquingKeysWith: { first, _ in first })
        return store.parameters.lazy.map { [self] parameter in
            var values: [Float] = []
            guard let linear = linears[parameter.name], linear.role == .body else {
                values = Array(
                    UnsafeBufferPointer(start: store.values + parameter.range.lowerBound, count: parameter.range.count))
                return (parameter, values)
            }
            let start = parameter.range.lowerBound - store.offset(linear)
            weights.withEffectiveValues(linear, pool) {
                values = Array(UnsafeBufferPointer(start: $0 + start, count: parameter.range.count))
            }
            return (parameter, values)
        }
    }

    /// The base's plain files that are not weights: configuration, tokenizer, template.
    private func otherFiles() throws(CheckpointError) -> [URL] {
        let weights: Set<String> = ["safetensors", "bin", "pt", "pth", "gguf", "h5", "msgpack", "onnx"]
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: modelDirectory.path) else {
            throw CheckpointError(.unreadable, file: modelDirectory.path, "cannot list it")
        }
        return names.sorted().compactMap { name in
            let file = modelDirectory.appending(path: name)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory), !isDirectory.boolValue,
                !name.hasPrefix("."), !name.hasSuffix(".index.json"), !weights.contains(file.pathExtension)
            else { return nil }
            return file
        }
    }
}
