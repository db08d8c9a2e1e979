import ArgumentParser
import Foundation
import Inference

/// `annie first-token`: loads a model and prints one token; `annie bench` times it from outside.
struct FirstTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "first-token", shouldDisplay: false)

    @Argument var model: String
    @Option var threads: Int?

    func run() async throws {
        var options = EngineOptions()
        options.threads = threads
        let engine = try Engine(loading: URL(filePath: model), options: options)
        let prompt = engine.model.tokenizer?.encode("Hello, how are you today?") ?? [1, 2, 3]
        let request = GenerationRequest(
            id: "first", prompt: prompt, sampling: .greedy, stop: StopConditions(maximumTokens: 1))
        for try await case .token(let token) in try engine.generate(request) {
            show(token.text.isEmpty ? "\(token.id)\n" : token.text + "\n")
        }
    }
}
