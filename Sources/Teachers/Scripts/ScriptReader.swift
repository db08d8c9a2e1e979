import Foundation
import JSON

/// Finds conversations in what a teacher wrote: in clean JSON, between other words, in a fence, or in a reply that broke off
/// after some of them.
enum ScriptReader {
    private static let longestReply = 1 << 22
    private static let mostStarts = 64

    /// A conversation, or why what stands in its place is none.
    typealias Found = Result<Script, Rejection>

    /// - Throws: ``Rejection`` where there is no conversation at all.
    static func scripts(in text: String) throws(Rejection) -> [Found] {
        guard text.utf8.count <= longestReply else { throw Rejection("not readable", "more than 4 MiB") }
        let bytes = Array(text.utf8)
        var starts = 0
        for start in bytes.indices where bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[") {
            starts += 1
            if starts > mostStarts { break }
            let found = conversations(in: spans(bytes, from: start).compactMap { try? JSONValue(parsing: bytes[$0]) })
            if !found.isEmpty { return found }
        }
        let isEmpty = text.allSatisfy(\.isWhitespace)
        throw Rejection("not readable", isEmpty ? "the reply is empty" : "no conversation in JSON: \(text.prefix(200))")
    }

    /// The objects and lists from `start` on that are whole, an outer one before those within; those within only where the
    /// outer one never ends.
    private static func spans(_ bytes: [UInt8], from start: Int) -> [Range<Int>] {
        var open: [(byte: UInt8, at: Int)] = []
        var whole: [Range<Int>] = []
        var isInText = false, isEscaped = false
        for index in start..<bytes.count {
            let byte = bytes[index]
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isInText = false
                }
                continue
            }
            switch byte {
            case 0x22: isInText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard open.count < 64 else { return whole }
                open.append((byte, index))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard let last = open.popLast(), byte == last.byte + 2 else { return whole }
                while let inner = whole.last, inner.lowerBound > last.at { whole.removeLast() }
                whole.append(last.at..<index + 1)
                if open.isEmpty { return whole }
            default: break
            }
        }
        return whole
    }

    private static func conversations(in values: [JSONValue]) -> [Found] {
        values.flatMap { value -> [Found] in
            if let list = value["conversations"]?.array ?? value["conversations"]?.object.map({ [.object($0)] }) {
                return list.map(script)
            }
            if value["turns"] != nil { return [script(value)] }
            if let list = value.array { return list.filter { $0["turns"] != nil }.map(script) }
            return []
        }
    }

    private static func script(_ value: JSONValue) -> Found {
        guard let list = value["turns"]?.array, !list.isEmpty else {
            return .failure(Rejection("wrong form", "a conversation without turns"))
        }
        var turns: [Script.Turn] = []
        for item in list {
            guard let user = item["user"]?.string, let reply = item["reply"]?.string else {
                return .failure(Rejection("wrong form", "a turn without user or reply"))
            }
            var calls: [Script.Call] = []
            for call in item["calls"]?.array ?? [] {
                guard let tool = call["tool"]?.string, let arguments = arguments(call["arguments"] ?? .null) else {
                    return .failure(Rejection("wrong form", "a call without tool or arguments"))
                }
                calls.append(Script.Call(tool: tool, arguments: arguments, result: call["result"]?.string.map(tidy)))
            }
            turns.append(Script.Turn(user: tidy(user), calls: calls, reply: mended(tidy(reply))))
        }
        return .success(Script(turns: turns))
    }

    private static func arguments(_ value: JSONValue) -> JSONObject? {
        if value.isNull { return JSONObject() }
        return value.object ?? value.string.flatMap { (try? JSONValue(parsing: $0, maximumDepth: 64))?.object }
    }

    private static func tidy(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines).replacing("\u{2019}", with: "'")
    }

    /// A full stop where one was forgotten.
    private static func mended(_ reply: String) -> String {
        reply.last.map { $0.isLetter || $0.isNumber } == true ? reply + "." : reply
    }
}
