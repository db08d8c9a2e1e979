import JSON

/// Reads one call from its opening tag on, and stops wherever the text so far does not decide.
struct QwenCallReader {
    /// How the text ended.
    enum End { case natural, truncated }

    enum Progress: Equatable {
        case incomplete
        case complete(end: Int)
        case malformed
    }

    private enum Phase { case opening, name, body, key, value }

    /// No name is longer; without a limit, a stray tag would hold back the rest of the reply.
    private static let longestName = 256

    /// Whether `<tool_call>` stands before the function.
    let isWrapped: Bool
    private let schemas: QwenToolSchemas
    private(set) var name = ""
    private(set) var arguments = JSONObject()
    private var phase = Phase.opening
    private var position = 0
    private var key = ""
    private var valueStart = 0

    init(isWrapped: Bool, schemas: QwenToolSchemas) {
        self.isWrapped = isWrapped
        self.schemas = schemas
    }

    mutating func advance(in bytes: [UInt8], end: End?) -> Progress {
        while true {
            let progress =
                switch phase {
                case .opening: readOpening(bytes)
                case .name: readName(bytes)
                case .body: readBody(bytes, end)
                case .key: readKey(bytes)
                case .value: readValue(bytes, end)
                }
            guard let progress else { continue }
            return progress == .incomplete && end != nil ? .malformed : progress
        }
    }

    // MARK: Phases; nil goes on with the next one

    private mutating func readOpening(_ bytes: [UInt8]) -> Progress? {
        let start = isWrapped ? bytes.skippingWhitespace(from: QwenTag.callOpening.count) : 0
        switch bytes.matches(QwenTag.functionOpening, at: start) {
        case nil: return .incomplete
        case false: return .malformed
        default:
            position = start + QwenTag.functionOpening.count
            phase = .name
            return nil
        }
    }

    private mutating func readName(_ bytes: [UInt8]) -> Progress? {
        switch Self.name(in: bytes, from: position) {
        case .open: return .incomplete
        case .none: return .malformed
        case .found(let name, let end):
            self.name = name
            position = end
            phase = .body
            return nil
        }
    }

    private mutating func readBody(_ bytes: [UInt8], _ end: End?) -> Progress? {
        let start = bytes.skippingWhitespace(from: position)
        if start == bytes.count {
            // Between parameters the model may have stopped by itself; a cut-off call may lack some.
            return end == .natural ? .complete(end: start) : .incomplete
        }
        var isUndecided = false
        for (tag, next) in [
            (QwenTag.parameterOpening, Phase.key), (QwenTag.functionClosing, nil), (QwenTag.callClosing, nil),
        ] {
            switch bytes.matches(tag, at: start) {
            case true:
                guard let next else { return .complete(end: start + tag.count) }
                position = start + tag.count
                phase = next
                return nil
            case nil: isUndecided = true
            default: continue
            }
        }
        return isUndecided ? .incomplete : .malformed
    }

    private mutating func readKey(_ bytes: [UInt8]) -> Progress? {
        switch Self.name(in: bytes, from: position) {
        case .open: return .incomplete
        case .none: return .malformed
        case .found(let key, let end):
            self.key = key
            (position, valueStart) = (end, end)
            phase = .value
            return nil
        }
    }

    /// Looks for the tag that ends the value; tags inside the value are part of it.
    private mutating func readValue(_ bytes: [UInt8], _ end: End?) -> Progress? {
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                position += 1
                continue
            }
            switch closing(at: position, in: bytes, end) {
            case nil: return .incomplete
            case .inside: position += 1
            case .ends(let next):
                arguments[key] = schemas.value(of: Self.trimmed(bytes[valueStart..<position]), name: name, key: key)
                position = next
                phase = .body
                return nil
            }
        }
        return .incomplete
    }

    // MARK: The end of a value

    private enum Closing {
        /// What stands here belongs to the value.
        case inside
        /// The value ends here and the call goes on at that position.
        case ends(next: Int)
    }

    /// Nil when more text must come first.
    private func closing(at position: Int, in bytes: [UInt8], _ end: End?) -> Closing? {
        let parameterClosing = bytes.matches(QwenTag.parameterClosing, at: position)
        if parameterClosing == true {
            let next = position + QwenTag.parameterClosing.count
            let followers = [QwenTag.parameterOpening, QwenTag.functionClosing, QwenTag.callClosing]
            return isFollowed(from: next, by: followers, in: bytes, end).map { $0 ? .ends(next: next) : .inside }
        }
        let functionClosing = bytes.matches(QwenTag.functionClosing, at: position)
        if functionClosing == true {
            let next = position + QwenTag.functionClosing.count
            // Without a closing parameter, the function is closed only where the call is too.
            return isFollowed(from: next, by: [QwenTag.callClosing], in: bytes, end)
                .map { $0 ? .ends(next: position) : .inside }
        }
        let parameterOpening = bytes.matches(QwenTag.parameterOpening, at: position)
        if parameterOpening == true { return nextParameter(at: position, in: bytes, end) }
        let isUndecided = parameterClosing == nil || functionClosing == nil || parameterOpening == nil
        return isUndecided && end == nil ? nil : .inside
    }

    /// Whether one of the tags, or the natural end, comes after white space; nil when that is not known yet.
    private func isFollowed(from start: Int, by tags: [[UInt8]], in bytes: [UInt8], _ end: End?) -> Bool? {
        let next = bytes.skippingWhitespace(from: start)
        if next == bytes.count { return end.map { $0 == .natural } }
        let matches = tags.map { bytes.matches($0, at: next) }
        if matches.contains(true) { return true }
        return matches.contains(nil) && end == nil ? nil : false
    }

    /// A parameter that begins although the one before was not closed: on a line of its own, and known to the tool.
    private func nextParameter(at position: Int, in bytes: [UInt8], _ end: End?) -> Closing? {
        guard position == valueStart || bytes[position - 1] == UInt8(ascii: "\n") else { return .inside }
        switch Self.name(in: bytes, from: position + QwenTag.parameterOpening.count) {
        case .open: return end == nil ? nil : .inside
        case .none: return .inside
        case .found(let key, _): return schemas.knows(key, of: name) ? .ends(next: position) : .inside
        }
    }

    // MARK: Texts

    private enum Name {
        case found(String, end: Int)
        case open
        case none
    }

    /// A name up to `>`.
    private static func name(in bytes: [UInt8], from start: Int) -> Name {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: ">"):
                return index > start ? .found(bytes.text(start..<index), end: index + 1) : .none
            case ..<0x21, UInt8(ascii: "<"): return .none
            default: index += 1
            }
            if index - start > longestName { return .none }
        }
        return .open
    }

    /// The value without the one newline that the format puts before it and the one after it.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        if bytes.first == UInt8(ascii: "\n") { bytes.removeFirst() }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
