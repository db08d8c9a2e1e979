/// Watches a reply while it streams, and says at once when it goes bad.
///
/// A small model that has once gone wrong sees its own bad words in the history and goes on with them. So they must never
/// get there: this decides which words those are.
public struct ReplyGuard: Sendable {
    private var markup = LeakedMarkup()
    private var loops = LoopDetector()
    private var shown = ShownText()
    private var hasText = false

    /// For one reply.
    public init() {}

    /// Takes more of the reply as the model wrote it; nil while there is nothing to object to.
    public mutating func check(_ delta: String) -> Spoilage? {
        let visible = shown.append(delta)
        return markup.check(delta) ?? checkVisible(visible)
    }

    /// Ends the reply.
    ///
    /// - Parameter callsTools: Whether tools were called, which a reply without words may do.
    public mutating func finish(callsTools: Bool) -> Spoilage? {
        if let spoilage = markup.finish() ?? checkVisible(shown.finish()) ?? loops.finish() { return spoilage }
        return hasText || callsTools ? nil : .empty
    }

    /// What is wrong with a whole text; nil when nothing is.
    public static func spoilage(of text: String) -> Spoilage? {
        var replyGuard = ReplyGuard()
        return replyGuard.check(text) ?? replyGuard.finish(callsTools: false)
    }

    private mutating func checkVisible(_ text: String) -> Spoilage? {
        if !hasText {
            hasText = text.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
        return loops.check(text) ? .loop : nil
    }
}
