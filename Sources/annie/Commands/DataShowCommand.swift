import ArgumentParser
import Foundation
import TrainingData

/// `annie data show`: a sample as the model gets it, with what is not learned dimmed.
struct DataShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a sample as the model gets it, with what is not learned dimmed.",
        discussion: "Where the output is no terminal, what is learned stands between ⟦ and ⟧.")

    @Argument(help: "A JSONL file.") var file: String
    @Option(help: "The line to show; the first that can be used if not given.") var line: Int?
    @Flag(help: "Set the tokens apart with |.") var tokens = false
    @OptionGroup var encoding: DataEncodingArguments

    func run() async throws {
        guard let encoder = try await encoding.encoder(default: "smollm2-135m") else { return }
        let documents = try encoder.encode(try conversation())
        for document in documents {
            print(text(of: document, encoder))
            let share = document.tokens.isEmpty ? 0 : 100 * document.targetCount / document.tokens.count
            note("\(document.tokens.count) tokens, \(document.targetCount) of them learned (\(share)%)")
        }
        if documents.count > 1 {
            note("This template prints earlier turns differently from the last, so each turn is a document of its own.")
        }
    }

    private func conversation() throws -> TrainingConversation {
        let wanted = line
        var reader = try ConversationFile(
            path: file,
            policy: .skip { problem in
                if wanted == nil || problem.line == wanted { note("\(problem)") }
            })
        while let conversation = try reader.next() {
            if wanted == nil || conversation.line == wanted { return conversation }
            if let wanted, conversation.line > wanted { break }
        }
        throw ValidationError("\(file) has no sample that can be used\(wanted.map { " in line \($0)" } ?? "").")
    }

    private func text(of document: EncodedConversation, _ encoder: ConversationEncoder) -> String {
        let style = Style()
        var text = ""
        var start = 0
        while start < document.tokens.count {
            let isLearned = document.lossMask[start]
            let end = document.lossMask[start...].firstIndex { $0 != isLearned } ?? document.tokens.count
            let run = document.tokens[start..<end]
            let words =
                tokens
                ? run.map { encoder.tokenizer.decode([$0]) }.joined(separator: "|") : encoder.tokenizer.decode(run)
            if isLearned { text += style.isPlain ? "⟦\(words)⟧" : style.bold(words) } else { text += style.dim(words) }
            start = end
        }
        return text
    }
}
