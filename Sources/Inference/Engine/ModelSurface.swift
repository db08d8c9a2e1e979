import Checkpoints
import Foundation
import Models
import Tokenization

/// The part of a checkpoint that deals with text: tokenizer, chat template, sampling defaults.
struct ModelSurface: Sendable {
    private let tokenizer: Tokenizer?
    private let chatTemplate: ChatTemplate?
    private let generation: GenerationConfiguration

    init(directory: URL) throws {
        // A checkpoint without a tokenizer is served for token ids; a broken one is an error.
        let hasTokenizer = FileManager.default.fileExists(atPath: directory.appending(path: "tokenizer.json").path)
        tokenizer = hasTokenizer ? try Tokenizer(contentsOf: directory) : nil
        chatTemplate = try ChatTemplate.load(from: directory)
        generation = try GenerationConfiguration(directory: directory)
    }

    func servedModel(of loaded: LoadedModel, maximumLength: Int?) -> ServedModel {
        let configuration = loaded.configuration
        var endTokens = Set(configuration.endTokens + generation.endTokens)
        // Some checkpoints name the end of the text in config.json and the end of the turn only in the tokenizer.
        if let token = tokenizer?.endOfSequenceToken, let id = tokenizer?.id(of: token) { endTokens.insert(id) }
        return ServedModel(
            tokenizer: tokenizer, chatTemplate: chatTemplate,
            contextLength: min(maximumLength ?? .max, configuration.maximumPositions),
            vocabularySize: loaded.definition.vocabularySize, defaultSampling: defaultSampling, endTokens: endTokens,
            architecture: configuration.architectures.first ?? configuration.modelType)
    }

    private var defaultSampling: SamplingParameters {
        var sampling = SamplingParameters()
        if let temperature = generation.temperature { sampling.temperature = Float(temperature) }
        if let topK = generation.topK { sampling.topK = topK }
        if let topP = generation.topP { sampling.topP = Float(topP) }
        if let minP = generation.minP { sampling.minP = Float(minP) }
        if let penalty = generation.repetitionPenalty { sampling.repetitionPenalty = Float(penalty) }
        return sampling
    }
}
