import Companion

/// Judges replies that stand in a file, by the same rules as those of a model that is asked.
package struct ReplyReview: Sendable {
    private let phrases: PromptPhrases
    private static let gates: [QualityGate] = [.thinkingLeak, .markdown, .concise, .noEmoji, .noFollowUp]

    /// - Parameter persona: Whose prompt no reply may recite.
    package init(persona: Persona) { phrases = PromptPhrases(persona: persona) }

    /// What is wrong with a reply, as its kind and what was found; nil: nothing.
    ///
    /// - Parameters:
    ///   - name: What the user is called; empty: nobody knows.
    ///   - forgets: Whether it must say that something is not known.
    package func problem(in reply: String, name: String, forgets: Bool = false) -> (kind: String, evidence: String)? {
        let expectation = ReplyExpectation(forgets: forgets)
        let record = TurnRecord(user: "", rounds: [TurnRecord.Round(text: reply)])
        let turn = ScenarioTurn(
            user: "", remembering: [], scriptedReply: nil, gates: Self.gates, expectation: expectation)
        if let anomaly = Anomaly.find(in: record, turn: turn, number: 0, prompt: phrases).first {
            return (anomaly.kind.rawValue, anomaly.evidence)
        }
        let judge = GateJudge()
        for gate in Self.gates + (forgets ? [.honestMemory] : []) {
            if let failure = judge.failure(gate, turn, record) { return ("gate: \(gate.title)", failure) }
        }
        if let hesitation = Speech.hesitation(in: reply) { return ("asks first", hesitation) }
        let called = Set(Words(name).all)
        let wrong = Names.claimedNames(in: reply).first { !Set(Words($0).all).isSubset(of: called) }
        return wrong.map { ("wrong name", $0) }
    }
}
