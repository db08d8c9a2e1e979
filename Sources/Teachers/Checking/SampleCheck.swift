import Companion
import DataGeneration
import Evaluation
import TrainingData

/// Whether a conversation teaches what it is to teach: by the rules of our own data, by those of the gates that she will be
/// judged by, and by what its category needs.
struct SampleCheck: Sendable {
    private let review: ReplyReview
    private let isLatin: Bool
    private let keptOut: HeldOutWords
    private static let mostUserWords = 60

    /// - Parameter language: What both speak; of English it is known how it is written.
    init(persona: Persona, language: String, keptOut: HeldOutWords) {
        self.keptOut = keptOut
        review = ReplyReview(persona: persona)
        isLatin = language == "English"
    }

    /// What can be said of a script before its calls are run.
    func require(_ script: Script, _ setting: Setting, examples: [Script]) throws(Rejection) {
        guard script.turns.count == setting.turns else {
            throw Rejection("wrong number of turns", "\(script.turns.count), not \(setting.turns)")
        }
        for turn in script.turns {
            try requireSpeech(turn)
            try requireUser(turn.user, setting.profile)
            if keptOut.occur(in: turn.user) { throw Rejection("held-out words", turn.user) }
            if let claim = LifeClaim.find(in: turn.reply) { throw Rejection("claims a life", claim) }
        }
        let known = Set(examples.flatMap(\.turns).flatMap { [Self.key($0.user), Self.key($0.reply)] })
        for turn in script.turns where known.contains(Self.key(turn.user)) || known.contains(Self.key(turn.reply)) {
            throw Rejection("copies an example", turn.user)
        }
        let words = script.turns.map { Self.key($0.user) }
        guard Set(words).count == words.count else { throw Rejection("repeats itself", "the user says the same twice") }
        let replies = script.turns.map { Self.key($0.reply) }
        guard Set(replies).count == replies.count else { throw Rejection("repeats itself", "the same reply twice") }
        try requireTools(script, setting)
    }

    /// What can be said of the whole.
    func require(
        _ conversation: TrainingConversation, _ script: Script, _ setting: Setting, category: TaughtCategory
    ) throws(Rejection) {
        do { _ = try conversation.validated() } catch { throw Rejection("wrong form", error.message) }
        for turn in script.turns {
            let forgets =
                turn.calls.contains { $0.tool == "search_memory" } && setting.memories.isEmpty
                || (setting.forgotten != nil && setting.tools.isEmpty)
            try requireManners(turn.reply, setting, forgets: forgets)
        }
        try GroundCheck.require(conversation)
        try CategoryCheck.require(script, conversation, setting, category)
    }

    private func requireSpeech(_ turn: Script.Turn) throws(Rejection) {
        guard turn.user.contains(where: \.isLetter) else { throw Rejection("wrong form", "a user who says nothing") }
        guard turn.reply.contains(where: { $0.isLetter || $0.isNumber }) else {
            throw Rejection("empty reply", "the reply says nothing")
        }
        if turn.user.contains(where: { "[]<>{}|\n".contains($0) }) { throw Rejection("unspoken user", turn.user) }
        let letters = (turn.user + turn.reply).filter(\.isLetter)
        if isLatin, letters.count(where: { !$0.isASCII }) * 4 > letters.count {
            throw Rejection("another language", turn.reply)
        }
        let count = turn.user.split(separator: " ").count
        if count > Self.mostUserWords { throw Rejection("unspoken user", "\(count) words at once") }
    }

    /// The user talks to her: not to themselves, and not as a form that is filled in.
    private func requireUser(_ words: String, _ profile: Profile) throws(Rejection) {
        guard let name = Self.words(profile.name).first else { return }
        let said = Self.words(words)
        let isAddress = said.prefix(2).contains(name) && !said.contains { ["i'm", "i", "my", "am"].contains($0) }
        if isAddress || said.first == name { throw Rejection("user speaks to themselves", words) }
    }

    /// The tools that the setting names, and no others.
    private func requireTools(_ script: Script, _ setting: Setting) throws(Rejection) {
        let called = script.turns.flatMap(\.calls).map(\.tool)
        if let missing = setting.tools.first(where: { !called.contains($0) }) {
            throw Rejection("tool not called", "no call of \(missing)")
        }
        if let extra = called.first(where: { !setting.tools.contains($0) }) {
            throw Rejection("needless call", "calls \(extra)")
        }
        let mostOften = called.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }.values.max() ?? 0
        if mostOften > script.turns.count { throw Rejection("needless call", "the same tool \(mostOften) times") }
    }

    private func requireManners(_ reply: String, _ setting: Setting, forgets: Bool) throws(Rejection) {
        let single = TrainingConversation(messages: [TrainingMessage(.assistant, reply)])
        if let problem = ReplyRules.problems(of: single).first { throw Rejection(problem, reply) }
        if let problem = review.problem(in: reply, name: setting.profile.name, forgets: forgets) {
            throw Rejection(problem.kind, problem.evidence)
        }
    }

    /// Words to compare.
    static func key(_ text: String) -> String { words(text).joined(separator: " ") }

    private static func words(_ text: String) -> [String] { Words(text).all }
}
