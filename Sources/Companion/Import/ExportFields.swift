import Foundation
import JSON

/// What the exports of both services have in common.
enum ExportFields {
    /// Seconds since 1970, or ISO 8601; nil for anything else, and for dates no one could have chatted at.
    static func date(_ json: JSONValue?) -> Date? {
        if let seconds = json?.double {
            return (0..<4e9).contains(seconds) ? Date(timeIntervalSince1970: seconds) : nil
        }
        guard let text = json?.string, text.utf8.count <= 40 else { return nil }
        let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
        let date = styles.lazy.compactMap { try? $0.parse(text) }.first
        return date.flatMap { (0..<4e9).contains($0.timeIntervalSince1970) ? $0 : nil }
    }

    /// The same for the same conversation, whenever it is exported.
    static func id(_ name: String?, prefix: String) throws -> String {
        guard let name, (1...100).contains(name.utf8.count),
            name.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") })
        else { throw MalformedConversation(reason: "expected an id of letters, digits and dashes") }
        return "\(prefix)-\(name)"
    }

    /// The service's title, else the first words of the user.
    static func title(_ json: JSONValue?, _ entries: [TranscriptEntry]) -> String {
        let given = CompanionStore.shortTitle(json?.string ?? "")
        return given.isEmpty
            ? CompanionStore.shortTitle(entries.first { $0.message.role == .user }?.message.content ?? "") : given
    }

    static func message(_ role: ChatMessage.Role, _ text: String) -> ChatMessage? {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : ChatMessage(role, text)
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
