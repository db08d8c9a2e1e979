/// Finds machine markup and block markdown in a streaming reply.
///
/// Thinking at a reply's very start that is closed is no leak: models without a reasoning parser before them begin every
/// reply so, and it is hidden anyway. Thinking after words, or a closing tag without its opening, is one.
struct LeakedMarkup: Sendable {
    private static let tags = [
        "<think", "</think", "<tool_call", "</tool_call", "<tool_response", "</tool_response", "<function=",
        "</function", "<tools>", "<parameter=", "<|im_", "<|end", "<|begin", "<|start", "<|user", "<|assistant",
        "<|system", "<|tool", "[tool_calls]",
    ].map { Array($0.utf8) }
    private static let longestTag = 32
    private static let labels = ["user:", "assistant:", "human:", "system:"]
    private static let callKeys: Set<String> = [
        "name", "tool", "tool_name", "function", "arguments", "parameters", "action", "tool_calls",
    ]
    /// Of a line only its beginning tells what it is.
    private static let longestLineStart = 120

    private enum Opening { case undecided, thinking, over }

    private var opening = Opening.undecided
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var line = ""
    private var bars = 0
    private var isFirstLine = true

    mutating func check(_ delta: String) -> Spoilage? {
        for character in delta {
            guard opening == .over else {
                if let spoilage = takeOpening(character) { return spoilage }
                continue
            }
            if let spoilage = take(character) { return spoilage }
        }
        return nil
    }

    /// What was never closed is a leak as well.
    mutating func finish() -> Spoilage? {
        switch opening {
        case .thinking: return .leakedMarkup
        case .undecided:
            opening = .over
            return replay()
        case .over: return lineSpoilage(isEnd: true)
        }
    }

    // MARK: Thinking at the start

    private static let openingTags = ["<think>", "<thinking>"].map { Array($0.utf8) }

    private mutating func takeOpening(_ character: Character) -> Spoilage? {
        head += String(character).utf8
        if opening == .thinking {
            tail = Array((tail + String(character).lowercased().utf8).suffix(Self.longestTag))
            for tag in ["</think>", "</thinking>"] where tail.hasSuffix(Array(tag.utf8)) {
                (opening, head, tail) = (.over, [], [])
            }
            return nil
        }
        let text = head.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if Self.openingTags.contains(where: { $0.elementsEqual(text) }) {
            (opening, head) = (.thinking, [])
        } else if !Self.openingTags.contains(where: { $0.starts(with: text) }) {
            opening = .over
            return replay()
        }
        return nil
    }

    private mutating func replay() -> Spoilage? {
        let text = String(decoding: head, as: UTF8.self)
        head = []
        for character in text { if let spoilage = take(character) { return spoilage } }
        return nil
    }

    // MARK: Text

    private mutating func take(_ character: Character) -> Spoilage? {
        tail = Array((tail + String(character).lowercased().utf8).suffix(Self.longestTag))
        if Self.tags.contains(where: { tail.hasSuffix($0) }) { return .leakedMarkup }
        guard !character.isNewline else {
            defer { (line, bars, isFirstLine) = ("", 0, false) }
            return lineSpoilage(isEnd: true)
        }
        if character == "|" { bars += 1 }
        if line.count < Self.longestLineStart { line.append(character) }
        return lineSpoilage(isEnd: false)
    }

    private func lineSpoilage(isEnd: Bool) -> Spoilage? {
        let text = line.drop { $0.isWhitespace }
        guard let first = text.first else { return nil }
        switch first {
        case "#":
            let marks = text.prefix { $0 == "#" }.count
            return marks <= 6 && text.dropFirst(marks).first == " " ? .markdown : nil
        case "`", "~": return text.hasPrefix("```") || text.hasPrefix("~~~") ? .markdown : nil
        case "|": return bars >= 2 ? .markdown : nil
        case "{", "[": return isCall(text) ? .leakedMarkup : nil
        default: return !isFirstLine && isLabel(text, isEnd: isEnd) ? .leakedMarkup : nil
        }
    }

    /// Whether the line opens a JSON object whose first key is one of a call's.
    private func isCall(_ text: Substring) -> Bool {
        let inside = text.drop { $0 == "[" || $0 == "{" || $0.isWhitespace }
        guard text.contains("{"), inside.first == "\"" else { return false }
        let key = inside.dropFirst()
        guard let end = key.firstIndex(of: "\"") else { return false }
        return Self.callKeys.contains(key[..<end].lowercased())
    }

    private func isLabel(_ text: Substring, isEnd: Bool) -> Bool {
        guard text.count <= 12, text.last == ":" else { return false }
        return Self.labels.contains(text.lowercased())
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool {
        count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
    }
}
