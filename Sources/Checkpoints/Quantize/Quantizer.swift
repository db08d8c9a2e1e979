import Foundation
import JSON
import NVFP4

/// Makes an NVFP4 checkpoint in ModelOpt's layout from a Hugging Face directory in bf16, f16 or f32.
///
/// Every linear of the decoder is quantised but those that are excluded; all else is copied. Linears that serving engines
/// join share their scales. vLLM, SGLang and TensorRT-LLM load the result, unless the head is int8.
///
/// ```swift
/// let quantizer = try Quantizer(source: model, options: QuantizationOptions())
/// let report = try quantizer.run(to: destination) { print($0.tensor) }
/// print(report.bitsPerWeight, report.total.relativeRMS)
/// ```
public struct Quantizer: Sendable {
    private let source: URL
    private let checkpoint: Checkpoint
    private let configuration: JSONValue
    let options: QuantizationOptions
    package let plan: QuantizationPlan

    /// Reads the source and decides what becomes of each tensor; nothing is written.
    ///
    /// - Throws: ``CheckpointError`` when the source is not an unquantised model, or exclusions split a fused group.
    public init(source: URL, options: QuantizationOptions) throws(CheckpointError) {
        self.source = source
        self.options = options
        checkpoint = try Checkpoint(directory: source)
        let file = source.appendingPathComponent(ModelConfiguration.fileName)
        configuration = try JSONFile.read(file)
        if let quantization = configuration["quantization_config"], !quantization.isNull {
            throw CheckpointError(
                .unsupported, file: file.path, "the checkpoint is already quantised; start from its unquantised form")
        }
        let reader = ConfigurationReader(
            file: file.path, levels: [configuration["text_config"]?.object, configuration.object].compactMap(\.self))
        plan = try QuantizationPlan(
            checkpoint, tiesEmbeddings: try reader.bool("tie_word_embeddings") ?? false, options: options)
    }

    /// Quantises into a new directory, which appears only when it is complete.
    ///
    /// - Throws: ``CheckpointError`` when the destination exists, the disk is full, or a weight is not finite; then
    ///   nothing is left behind.
    public func run(
        to destination: URL, progress: (QuantizationProgress) -> Void = { _ in }
    ) throws(CheckpointError) -> QuantizationReport {
        guard
            destination.standardizedFileURL.resolvingSymlinksInPath()
                != source.standardizedFileURL.resolvingSymlinksInPath()
        else { throw CheckpointError(.unwritable, file: destination.path, "is the source; choose another directory") }
        let clock = ContinuousClock()
        let start = clock.now
        let staged = try StagedDirectory(for: destination, overwrites: options.overwrites)
        var report = QuantizationReport()
        report.notes = plan.notes
        report.excludedModules = plan.excludedModules
        report.sourceBytes = checkpoint.byteCount
        report.parameterCount = checkpoint.names.reduce(0) { $0 + (checkpoint.find($1)?.elementCount ?? 0) }
        try writeWeights(to: staged, &report, progress)
        try writeConfiguration(to: staged)
        try staged.commit()
        let elapsed = clock.now - start
        report.seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        return report
    }

    // MARK: Configuration

    private func writeConfiguration(to staged: StagedDirectory) throws(CheckpointError) {
        let configuration = ModelOptFiles.configuration(
            configuration, excluding: plan.excludedModules, untiesHead: plan.untiesHead)
        try staged.write(configuration.text(.pretty) + "\n", to: ModelConfiguration.fileName)
        try staged.write(
            ModelOptFiles.quantization(excluding: plan.excludedModules).text(.pretty) + "\n",
            to: QuantizationConfiguration.modelOptFileName)
        for file in try otherFiles() { try staged.copy(file) }
    }

    /// Tokenizer, templates and the like: every plain file that is neither weights nor rewritten.
    private func otherFiles() throws(CheckpointError) -> [URL] {
        let weights: Set<String> = ["safetensors", "bin", "pt", "pth", "gguf", "h5", "msgpack", "onnx"]
        let rewritten: Set<String> = [
            ModelConfiguration.fileName, QuantizationConfiguration.modelOptFileName, Checkpoint.indexFile,
            "pytorch_model.bin.index.json",
        ]
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: source.path) else {
            throw CheckpointError(.unreadable, file: source.path, "cannot list it")
        }
        return names.sorted().compactMap { name in
            let file = source.appendingPathComponent(name)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory), !isDirectory.boolValue,
                !name.hasPrefix("."), !rewritten.contains(name), !weights.contains(file.pathExtension)
            else { return nil }
            return file
        }
    }
}
