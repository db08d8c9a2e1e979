/// A piece of a chat reply, as clients see it.
enum ChatDelta: Equatable, Sendable {
    case reasoning(String)
    case content(String)
    /// A call begins; its arguments follow.
    case toolCallStart(index: Int, id: String, name: String)
    /// The next piece of a call's arguments, which together are a JSON object.
    case toolCallArguments(index: Int, text: String)
}

/// Takes a reply's text apart as it comes; how the text is split makes no difference to what is found.
protocol ReplyReader: Sendable {
    mutating func read(_ text: String) -> [ChatDelta]
    /// The reply has ended: what was held back comes out.
    mutating func finish() -> [ChatDelta]
}

/// A reply that is all content.
struct PlainReplyReader: ReplyReader {
    mutating func read(_ text: String) -> [ChatDelta] { text.isEmpty ? [] : [.content(text)] }
    mutating func finish() -> [ChatDelta] { [] }
}
