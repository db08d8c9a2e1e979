import Foundation
import Tokenization
import TrainingData

/// Text that a model reads to be calibrated: files of plain text, or of conversations as its template renders them.
struct CalibrationText {
    let files: [String]
    /// Tokens that are read at most, drawn evenly from all.
    var tokens = 8192
    /// Tokens of a piece of plain text.
    private static let window = 512

    /// The tokens, each sequence read from its beginning.
    ///
    /// - Parameter template: in place of the model's own.
    func sequences(model: URL, template: ChatTemplate? = nil) throws -> [[Int32]] {
        var sequences: [[Int32]] = []
        for file in files {
            sequences +=
                file.hasSuffix(".jsonl")
                ? try conversations(file, model, template) : try pieces(file, model)
        }
        guard sequences.contains(where: { !$0.isEmpty }) else { return [] }
        // Evenly over all files, until there is enough.
        let mean = max(1, sequences.reduce(0) { $0 + $1.count } / sequences.count)
        let count = min(sequences.count, max(1, (tokens + mean - 1) / mean))
        return (0..<count).map { sequences[$0 * sequences.count / count] }
    }

    private func pieces(_ file: String, _ model: URL) throws -> [[Int32]] {
        let tokens = try Tokenizer(contentsOf: model).encode(
            try String(contentsOfFile: file, encoding: .utf8), parsesSpecialTokens: false)
        return stride(from: 0, to: tokens.count, by: Self.window).map {
            Array(tokens[$0..<min(tokens.count, $0 + Self.window)])
        }
    }

    private func conversations(_ path: String, _ model: URL, _ template: ChatTemplate?) throws -> [[Int32]] {
        let encoder = try ConversationEncoder(checkpoint: model, template: template)
        var file = try ConversationFile(path: path, policy: .skip { _ in })
        var sequences: [[Int32]] = []
        while let conversation = try file.next() {
            sequences += ((try? encoder.encode(conversation)) ?? []).map(\.tokens)
        }
        return sequences
    }
}
