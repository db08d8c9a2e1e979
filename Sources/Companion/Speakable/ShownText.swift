/// What of a reply is shown and kept: all but thinking and tool markup, and no white space around it.
///
/// However the reply is split, the pieces join to the same text.
public struct ShownText: Sendable {
    private var filter = MarkupFilter()
    private var hasBegun = false
    /// White space that is passed on only once something follows it.
    private var space: [Unicode.Scalar] = []

    /// For one reply.
    public init() {}

    /// Takes more of the reply, and gives what of it is to be shown.
    public mutating func append(_ text: String) -> String {
        var visible: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars { filter.take(scalar, into: &visible) }
        return trimmed(visible)
    }

    /// Ends the reply, and gives what was held back.
    public mutating func finish() -> String {
        var visible: [Unicode.Scalar] = []
        filter.finish(into: &visible)
        return trimmed(visible)
    }

    /// What of a whole text is shown.
    public static func text(of reply: String) -> String {
        var shown = ShownText()
        let beginning = shown.append(reply)
        return beginning + shown.finish()
    }

    private mutating func trimmed(_ scalars: [Unicode.Scalar]) -> String {
        var result = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar.properties.isWhitespace {
                if hasBegun { space.append(scalar) }
                continue
            }
            result.append(contentsOf: space)
            result.append(scalar)
            space = []
            hasBegun = true
        }
        return String(result)
    }
}
