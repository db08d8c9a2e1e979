/// Cuts a streaming reply into pieces to be spoken one by one: a first clause as early as it can, then sentences.
///
/// Thinking, tool markup, JSON, markdown, emoji, addresses and code are not among them. The pieces depend on the text
/// alone, never on how the stream was split.
///
/// ```swift
/// var stream = SpeakableStream()
/// stream.append("**Sure thing, Ada,** it's 3.5 ki")  // ["Sure thing, Ada,"]
/// stream.append("lometres away. Shall")                // ["it's 3.5 kilometres away."]
/// stream.finish()                                      // ["Shall"]
/// ```
public struct SpeakableStream: Sendable {
    private var markup = MarkupFilter()
    private var markdown = MarkdownFilter()
    private var splitter = ClauseSplitter()

    /// For one reply.
    public init() {}

    /// Takes more of the reply, and gives the pieces that are now certain.
    public mutating func append(_ text: String) -> [String] {
        var clauses: [String] = []
        var visible: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            markup.take(scalar, into: &visible)
            for scalar in visible { speak(scalar, into: &clauses) }
            visible.removeAll(keepingCapacity: true)
        }
        return clauses
    }

    /// Ends the reply, and gives the last pieces.
    public mutating func finish() -> [String] {
        var clauses: [String] = []
        var visible: [Unicode.Scalar] = []
        markup.finish(into: &visible)
        for scalar in visible { speak(scalar, into: &clauses) }
        var plain: [Unicode.Scalar] = []
        markdown.finish(into: &plain)
        for scalar in plain { splitter.take(scalar, into: &clauses) }
        splitter.finish(into: &clauses)
        return clauses
    }

    /// The pieces of a whole text.
    public static func clauses(of text: String) -> [String] {
        var stream = SpeakableStream()
        let beginning = stream.append(text)
        return beginning + stream.finish()
    }

    private mutating func speak(_ scalar: Unicode.Scalar, into clauses: inout [String]) {
        var plain: [Unicode.Scalar] = []
        markdown.take(scalar, into: &plain)
        for scalar in plain { splitter.take(scalar, into: &clauses) }
    }
}
