import ArgumentParser
import Checkpoints
import Foundation
import Inference
import Tokenization

/// The options that stand in for what the checkpoint says about itself.
struct SurfaceArguments: ParsableArguments {
    @Option(OptionTable.chatTemplate) var chatTemplate: String?
    @Option(OptionTable.generationConfig) var generationConfig: String?
    @Option(OptionTable.seed) var seed: Int?

    /// Reads the files they name, so that a mistake shows before the model is loaded.
    func overrides(_ configuration: Configuration) throws -> SurfaceOverrides {
        var overrides = SurfaceOverrides()
        if let path = try configuration.optional(OptionTable.chatTemplate, chatTemplate) {
            overrides.chatTemplate = try ChatTemplate(source: String(contentsOfFile: path, encoding: .utf8))
        }
        switch try configuration.value(OptionTable.generationConfig, generationConfig) {
        case "auto": break
        case "vllm": overrides.sampling = SamplingParameters()
        case let path: overrides.sampling = try SamplingParameters(generationConfigIn: URL(filePath: path))
        }
        overrides.seed = try configuration.optional(OptionTable.seed, seed).map(UInt64.init)
        return overrides
    }
}

/// What stands in for a checkpoint's own template and sampling defaults.
struct SurfaceOverrides: Sendable {
    var chatTemplate: ChatTemplate?
    var sampling: SamplingParameters?
    var seed: UInt64?

    func apply(to model: inout ServedModel) {
        if let chatTemplate { model.chatTemplate = chatTemplate }
        if let sampling { model.defaultSampling = sampling }
        if let seed { model.defaultSampling.seed = seed }
    }
}

/// A generator whose model is described otherwise than its checkpoint does.
struct OverriddenGenerator: TextGenerator {
    let model: ServedModel
    private let base: any TextGenerator

    init(_ base: any TextGenerator, overrides: SurfaceOverrides) {
        self.base = base
        var model = base.model
        overrides.apply(to: &model)
        self.model = model
    }

    func generate(_ request: GenerationRequest) throws -> AsyncThrowingStream<GenerationEvent, any Error> {
        try base.generate(request)
    }

    func statistics() -> EngineStatistics { base.statistics() }
}
