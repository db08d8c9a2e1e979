import Checkpoints

/// The architectures that can be run, by the `model_type` of a `config.json`.
public enum ModelRegistry {
    private typealias Family = @Sendable (ModelConfiguration, TensorLayout, Bool) throws -> any LanguageModel

    private static let families: [String: Family] = [
        "llama": { configuration, _, _ in try Llama(configuration) },
        "qwen2": { configuration, _, _ in try Qwen2.make(configuration) },
        "qwen3": { configuration, _, _ in try Qwen3.make(configuration) },
        "qwen3_5_text": { configuration, names, drafts in
            try Qwen35(configuration, names: names, drafts: drafts)
        },
    ]

    /// The `model_type`s that can be run.
    public static var supportedTypes: [String] { families.keys.sorted() }

    /// The model that a `config.json` describes.
    ///
    /// - Parameters:
    ///   - names: where the checkpoint has its tensors; nil takes what the configuration is published with.
    ///   - drafts: whether the head that guesses further tokens is read, where the family and the checkpoint have one.
    /// - Throws: ``ModelLoadingError`` for an architecture that is not supported.
    public static func model(
        for configuration: ModelConfiguration, names: TensorLayout? = nil, drafts: Bool = false
    ) throws -> any LanguageModel {
        guard let make = families[configuration.modelType] else {
            throw ModelLoadingError.unsupportedArchitecture(
                found: configuration.modelType, classes: configuration.architectures)
        }
        return try make(configuration, names ?? TensorLayout(configuration), drafts)
    }
}

/// Why a model could not be loaded.
public enum ModelLoadingError: Error, Equatable, CustomStringConvertible {
    /// No family of that `model_type` is implemented.
    case unsupportedArchitecture(found: String, classes: [String])
    /// The configuration asks for something that its family does not have.
    case unsupportedConfiguration(String)
    /// A layer is stored in a form that cannot be computed.
    case unsupportedWeights(layer: String, message: String)
    /// The checkpoint's layers hold tensors that the model of its `config.json` does not have.
    case unexpectedTensors([String])
    /// The packed weights would not fit the memory that is free.
    case outOfMemory(neededBytes: Int, availableBytes: Int)

    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .unsupportedArchitecture(let found, let classes):
            "config.json has model_type '\(found)'\(classes.isEmpty ? "" : " (\(classes.joined(separator: ", ")))"). "
                + "Supported are \(ModelRegistry.supportedTypes.joined(separator: ", "))."
        case .unsupportedConfiguration(let message): message
        case .unsupportedWeights(let layer, let message): "\(layer): \(message)"
        case .unexpectedTensors(let names):
            "found \(names.count) tensors that a model of this config.json does not have (\(names.prefix(5).joined(separator: ", "))"
                + "\(names.count > 5 ? ", …" : "")); are config.json and the weights of the same model?"
        case .outOfMemory(let needed, let available):
            "the weights need about \(needed >> 20) MiB and \(available >> 20) MiB of memory are free. "
                + "Quantise the model ('annie quantize'), choose a smaller one, or free memory."
        }
    }
}
