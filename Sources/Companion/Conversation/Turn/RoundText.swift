/// What the model writes in one go: watched, shown, and cut into what is spoken.
struct RoundText: Sendable {
    private var replyGuard = ReplyGuard()
    private var shownText = ShownText()
    private var speakable = SpeakableStream()
    /// As the model wrote it.
    private(set) var raw = ""
    /// What is shown of it.
    private(set) var shown = ""
    /// Characters other than white space that were given out to be spoken.
    private(set) var spokenCount = 0
    /// Calls it makes.
    var calls: [ToolCall] = []

    /// What there is to say of a piece of text.
    struct Output {
        var text = ""
        var clauses: [String] = []
        var spoilage: Spoilage?
    }

    /// Takes more of the text in; where it is spoiled, nothing of it comes out.
    mutating func append(_ delta: String) -> Output {
        raw += delta
        if let spoilage = replyGuard.check(delta) { return Output(spoilage: spoilage) }
        return output(shownText.append(delta), speakable.append(delta))
    }

    /// Ends the text.
    mutating func finish() -> Output {
        if let spoilage = replyGuard.finish(callsTools: !calls.isEmpty) { return Output(spoilage: spoilage) }
        return output(shownText.finish(), speakable.finish())
    }

    private mutating func output(_ text: String, _ clauses: [String]) -> Output {
        shown += text
        for clause in clauses { spokenCount += clause.spokenCount }
        return Output(text: text, clauses: clauses)
    }
}

extension String {
    /// Characters other than white space: what stays the same however clauses are joined.
    var spokenCount: Int { reduce(0) { $0 + ($1.isWhitespace ? 0 : 1) } }
}
