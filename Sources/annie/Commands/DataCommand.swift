import ArgumentParser
import Foundation
import Tokenization
import TrainingData

/// `annie data`: conversations to teach with.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Write, look at and check conversations to teach with.",
        subcommands: [
            DataShowCommand.self, DataCheckCommand.self, DataStatsCommand.self, DataGenerateCommand.self,
        ])
}

/// The options that say how conversations become tokens.
struct DataEncodingArguments: ParsableArguments {
    @Option(
        help: "The checkpoint whose tokenizer and chat template are used: a directory, or a name from `annie models`.")
    var model: String?
    @Option(help: "A chat template to use in place of the checkpoint's own.") var template: String?
    @Flag(help: "Keep reasoning and teach it.") var thinking = false
    @Option(help: "Refuse documents with more tokens.") var maxTokens: Int?

    /// The encoder; nil where no checkpoint is named.
    func encoder(default name: String? = nil) async throws -> ConversationEncoder? {
        guard let name = model ?? name else {
            guard template == nil else { throw ValidationError("--template needs --model, for its tokenizer.") }
            return nil
        }
        var own: ChatTemplate?
        if let template {
            guard let source = try? String(contentsOfFile: template, encoding: .utf8) else {
                throw ValidationError("\(template) cannot be read.")
            }
            own = try ChatTemplate(source: source)
        }
        return try ConversationEncoder(
            checkpoint: try await ModelFinder().directory(of: name), template: own,
            options: ConversationEncoder.Options(thinks: thinking, maximumTokens: maxTokens))
    }
}
