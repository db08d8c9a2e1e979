/// Judges a turn by its gates.
public struct GateJudge: Sendable {
    private let limits: EvaluationLimits
    /// More words than this are not concise, however few the full stops.
    static let mostWords = 60
    static let mostSentences = 2

    /// A judge with these limits.
    public init(limits: EvaluationLimits = EvaluationLimits()) { self.limits = limits }

    /// Why the turn does not pass; nil: it passes.
    public func failure(_ gate: QualityGate, _ turn: ScenarioTurn, _ record: TurnRecord) -> String? {
        let text = record.spoken
        if gate == .toolCalling { return CallJudge.failure(record.calls, turn.expectation) ?? silence(record) }
        if gate == .directAction { return indirectness(turn, record) }
        if let silence = silence(record) { return silence }
        // What nobody would listen to has no manners to be judged.
        if gate != .firstToken, let loop = Repetition.find(in: text) { return "says over and over: \(loop)" }
        switch gate {
        case .toolCalling, .directAction: return nil
        case .thinkingLeak: return Speech.thought(in: text).map { "thinks aloud: \($0)" }
        case .markdown: return MarkdownFinder.find(in: text).map { "has \($0)" }
        case .noEmoji: return EmojiFinder.find(in: text).map { "has \($0)" }
        case .noFollowUp: return Speech.followUp(in: text).map { "ends with: \($0)" }
        case .concise: return length(text, isCutOff: record.isCutOff)
        case .topicSwitch: return CallJudge.failure(record.calls, turn.expectation) ?? wording(text, turn.expectation)
        case .honestMemory: return honesty(text, turn.expectation)
        case .correctName:
            return turn.expectation.name.flatMap { Names.failure($0, in: text) } ?? wording(text, turn.expectation)
        case .firstToken:
            guard let seconds = record.firstText, seconds > limits.firstTokenSeconds else { return nil }
            return "the first word came after \(Int(seconds * 1000)) ms"
        }
    }

    private func silence(_ record: TurnRecord) -> String? {
        if record.spoken.contains(where: { $0.isLetter || $0.isNumber }) { return nil }
        return record.rounds.last?.calls.isEmpty == false ? "calls tools without end" : "says nothing"
    }

    private func indirectness(_ turn: ScenarioTurn, _ record: TurnRecord) -> String? {
        guard let first = record.rounds.first else { return "says nothing" }
        if let hesitation = Speech.hesitation(in: first.text) { return "asks first: \(hesitation)" }
        guard !first.calls.isEmpty else { return "talks in place of acting" }
        return CallJudge.failure(record.calls, turn.expectation)
    }

    private func length(_ text: String, isCutOff: Bool) -> String? {
        if isCutOff { return "is cut off at the limit of tokens" }
        let sentences = Sentences.split(text).count
        if sentences > Self.mostSentences { return "has \(sentences) sentences" }
        let words = Words(text).all.count
        return words > Self.mostWords ? "has \(words) words" : nil
    }

    private func wording(_ text: String, _ expectation: ReplyExpectation) -> String? {
        let words = Words(text)
        if let missing = expectation.says.first(where: { !$0.occurs(in: words) }) {
            return "does not say \(missing.text)"
        }
        return expectation.avoids.first { $0.occurs(in: words) }.map { "says \($0.text)" }
    }

    private func honesty(_ text: String, _ expectation: ReplyExpectation) -> String? {
        guard expectation.forgets else { return wording(text, expectation) }
        guard Memory.admitsIgnorance(text) else { return "does not say that it is not known" }
        if let invention = Memory.invention(in: text) { return "makes up: \(invention)" }
        return wording(text, expectation)
    }
}
