/// Why there is no parser for a model's replies.
public enum ReplyParserError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No reasoning parser has that name.
    case unknownReasoningParser(String, known: [String])
    /// No tool-call parser has that name.
    case unknownToolCallParser(String, known: [String])

    /// What was asked for and what there is.
    public var description: String {
        switch self {
        case .unknownReasoningParser(let name, let known):
            "There is no reasoning parser named '\(name)'. Choose one of: \(known.joined(separator: ", "))."
        case .unknownToolCallParser(let name, let known):
            "There is no tool-call parser named '\(name)'. Choose one of: \(known.joined(separator: ", "))."
        }
    }
}
