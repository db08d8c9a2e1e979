import Foundation
import JSON

/// A conversation of Claude's export: messages in the order they were said.
enum ClaudeExport {
    static func matches(_ json: JSONValue) -> Bool { json["chat_messages"] != nil }

    static func session(_ json: JSONValue) throws -> (record: SessionRecord, entries: [TranscriptEntry]) {
        guard let messages = json["chat_messages"]?.array else {
            throw MalformedConversation(reason: "expected a list as \"chat_messages\"")
        }
        let started = ExportFields.date(json["created_at"])
        let updated = ExportFields.date(json["updated_at"])
        var last = started ?? updated ?? Date(timeIntervalSince1970: 0)
        let entries = messages.compactMap { message -> TranscriptEntry? in
            guard let said = said(message) else { return nil }
            last = max(last, ExportFields.date(message["created_at"]) ?? last)
            return TranscriptEntry(id: 0, message: said, date: last)
        }
        let record = SessionRecord(
            id: try ExportFields.id(json["uuid"]?.string, prefix: "claude"),
            title: ExportFields.title(json["name"], entries), persona: "Claude",
            startedAt: started ?? entries.first?.date ?? last, updatedAt: updated ?? last, turnCount: 0)
        return (record, entries)
    }

    private static func said(_ message: JSONValue) -> ChatMessage? {
        let role: ChatMessage.Role
        switch message["sender"]?.string {
        case "human": role = .user
        case "assistant": role = .assistant
        default: return nil
        }
        // Newer exports have the words in blocks, among thinking and calls of tools; older ones in `text` alone.
        let blocks = (message["content"]?.array ?? []).filter { $0["type"]?.string == "text" }
        let text = blocks.compactMap { $0["text"]?.string }.joined(separator: "\n")
        return ExportFields.message(role, text.isEmpty ? message["text"]?.string ?? "" : text)
    }
}
