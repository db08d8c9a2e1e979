import Foundation
import JSON
import Tokenization
import TrainingData

enum Fixtures {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")
    static let repository = directory.deletingLastPathComponent().deletingLastPathComponent()

    static func template(_ name: String) throws -> ChatTemplate {
        let file = directory.appending(path: "template/\(name)_chat_template.jinja")
        return try ChatTemplate(source: String(contentsOf: file, encoding: .utf8))
    }

    /// A tokenizer with a thousand of the real one's tokens.
    static func tokenizer(_ name: String) throws -> Tokenizer {
        let file = directory.appending(path: "tokenizer/\(name)-trimmed.json")
        return try Tokenizer(
            tokenizerJSON: try JSONValue(parsing: Data(contentsOf: file)),
            configuration: ["eos_token": "<|im_end|>", "bos_token": "<|im_start|>"])
    }

    static func encoder(
        _ template: String, tokenizer: String, options: ConversationEncoder.Options = .init()
    ) throws -> ConversationEncoder {
        ConversationEncoder(
            tokenizer: try Self.tokenizer(tokenizer), template: try Self.template(template), options: options)
    }

    /// A file of these lines, deleted when the body is done.
    static func file<Result>(_ lines: [String], _ body: (String) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "annie-data-\(UInt64.random(in: 0 ... .max)).jsonl"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    static func conversation(_ text: String, line: Int = 1) throws -> TrainingConversation {
        try ConversationFile.conversation(text.utf8, line: line)
    }
}

extension ConversationEncoder {
    /// The learned texts of a conversation's documents, each run of targets by itself.
    func learned(_ conversation: TrainingConversation) throws -> [[String]] {
        try encode(conversation).map { document in
            var runs: [[Int32]] = []
            var wasTarget = false
            for (token, isTarget) in zip(document.tokens, document.lossMask) {
                if isTarget { if wasTarget { runs[runs.count - 1].append(token) } else { runs.append([token]) } }
                wasTarget = isTarget
            }
            return runs.map { tokenizer.decode($0) }
        }
    }
}

let searchTool = """
    {"type":"function","function":{"name":"search","description":"Search.","parameters":{"type":"object",\
    "properties":{"query":{"type":"string"}},"required":["query"]}}}
    """
