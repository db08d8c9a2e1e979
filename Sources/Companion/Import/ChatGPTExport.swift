import Foundation
import JSON

/// A conversation of ChatGPT's export: a tree of messages, of which one path was the last to be shown.
enum ChatGPTExport {
    static func matches(_ json: JSONValue) -> Bool { json["mapping"] != nil }

    static func session(_ json: JSONValue) throws -> (record: SessionRecord, entries: [TranscriptEntry]) {
        guard let mapping = json["mapping"]?.object else {
            throw MalformedConversation(reason: "expected an object as \"mapping\"")
        }
        let started = ExportFields.date(json["create_time"])
        let updated = ExportFields.date(json["update_time"])
        let path = try path(in: mapping, to: json["current_node"]?.string)
        var last = started ?? updated ?? Date(timeIntervalSince1970: 0)
        let entries = path.compactMap { node -> TranscriptEntry? in
            guard let message = node["message"], let said = said(message) else { return nil }
            // Many messages have no time of their own; they were said after the one before.
            last = max(last, ExportFields.date(message["create_time"]) ?? last)
            return TranscriptEntry(id: 0, message: said, date: last)
        }
        let name = json["conversation_id"]?.string ?? json["id"]?.string ?? json["current_node"]?.string
        let record = SessionRecord(
            id: try ExportFields.id(name, prefix: "chatgpt"), title: ExportFields.title(json["title"], entries),
            persona: "ChatGPT", startedAt: started ?? entries.first?.date ?? last, updatedAt: updated ?? last,
            turnCount: 0)
        return (record, entries)
    }

    /// From the root to the current node; where none is named, to the newest message that nothing answers.
    private static func path(in mapping: JSONObject, to current: String?) throws -> [JSONValue] {
        guard var name = current.flatMap({ mapping[$0] == nil ? nil : $0 }) ?? newestLeaf(in: mapping) else {
            if mapping.isEmpty { return [] }
            throw MalformedConversation(reason: "its messages go round in a circle")
        }
        var path: [JSONValue] = []
        var seen: Set<String> = []
        while let node = mapping[name] {
            guard seen.insert(name).inserted else {
                throw MalformedConversation(reason: "its messages go round in a circle")
            }
            path.append(node)
            guard let parent = node["parent"]?.string else { break }
            name = parent
        }
        return path.reversed()
    }

    private static func newestLeaf(in mapping: JSONObject) -> String? {
        let parents = Set(mapping.compactMap { $0.value["parent"]?.string })
        let leaves = mapping.filter { !parents.contains($0.key) }
        return leaves.max { left, right in
            (left.value["message"]?["create_time"]?.double ?? 0) < (right.value["message"]?["create_time"]?.double ?? 0)
        }?.key
    }

    /// What the user or the assistant said to the other; nil for hidden messages, tools and calls to them.
    private static func said(_ message: JSONValue) -> ChatMessage? {
        let role: ChatMessage.Role
        switch message["author"]?["role"]?.string {
        case "user": role = .user
        case "assistant": role = .assistant
        default: return nil
        }
        guard message["metadata"]?["is_visually_hidden_from_conversation"]?.bool != true,
            message["recipient"]?.string ?? "all" == "all",
            let content = message["content"], ["text", "multimodal_text"].contains(content["content_type"]?.string)
        else { return nil }
        let text = (content["parts"]?.array ?? []).compactMap(words).joined(separator: "\n")
        return ExportFields.message(role, text)
    }

    /// A part is a text, or an object: of those, speech has its words with it.
    private static func words(_ part: JSONValue) -> String? {
        part.string ?? (part["content_type"]?.string == "audio_transcription" ? part["text"]?.string : nil)
    }
}
