import Foundation
import JSON

/// The messages of one conversation, in OpenAI's form.
package struct Conversation {
    /// The system prompt; empty for none.
    package var system: String { didSet { messages = [] } }
    private var messages: [JSONValue] = []

    package init(system: String = "") { self.system = system }

    /// The messages as a chat template takes them.
    package var allMessages: [JSONValue] {
        (system.isEmpty ? [] : [Self.message(role: "system", content: system)]) + messages
    }

    /// Whether anything was said.
    package var isEmpty: Bool { messages.isEmpty }

    package mutating func append(role: String, content: String) {
        messages.append(Self.message(role: role, content: content))
    }

    /// Takes back the last message, as when a reply failed.
    package mutating func removeLast() { messages.removeLast() }

    /// Forgets what was said.
    package mutating func reset() { messages = [] }

    /// Adds the conversation to a JSON Lines file: the form that fine-tuning data has.
    package func save(to path: String) throws {
        let line = JSONValue.object(JSONObject([("messages", .array(allMessages))])).text(.compact) + "\n"
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(filePath: path))
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(line.utf8))
    }

    private static func message(role: String, content: String) -> JSONValue {
        .object(JSONObject([("role", .string(role)), ("content", .string(content))]))
    }
}
