import Companion
import Evaluation
import TrainingData

/// What a conversation needs to be of its category.
enum CategoryCheck {
    static func require(
        _ script: Script, _ conversation: TrainingConversation, _ setting: Setting, _ category: TaughtCategory
    ) throws(Rejection) {
        switch category {
        case .topicSwitching: try requireSwitch(script)
        case .honestMemory: try requireRecall(script, setting)
        case .userContext: try requirePerson(script, setting.profile)
        case .toolResults: try requireOwnWords(script)
        case .directAction, .conciseVoice, .culture, .mixed, .noMarkup, .noFollowUp: break
        }
        if category != .userContext { try requireSubject(script, setting) }
        if category != .honestMemory, !setting.memories.isEmpty { try requireRecall(script, setting) }
    }

    /// Something of a subject is spoken of. One that is told at length is an errand, which its tool shows.
    private static func requireSubject(_ script: Script, _ setting: Setting) throws(Rejection) {
        guard setting.tools.isEmpty, setting.forgotten == nil else { return }
        let said = Words(script.turns.map { $0.user + " " + $0.reply }.joined(separator: " ")).all.filter {
            $0.count > 3
        }
        let words = Words(setting.subjects.joined(separator: " ")).all.filter { $0.count > 2 && !small.contains($0) }
        let isSaid = words.contains { word in
            let stem = word.prefix(5)
            return said.contains { $0.contains(stem) || word.contains($0.prefix(5)) }
        }
        if !isSaid, !words.isEmpty { throw Rejection("off the subject", script.turns[0].user) }
    }

    /// Each turn of the user's is about something else than the one before.
    private static func requireSwitch(_ script: Script) throws(Rejection) {
        for (before, after) in zip(script.turns, script.turns.dropFirst()) {
            let old = content(before.user), new = content(after.user)
            if old.intersection(new).count * 2 > max(1, min(old.count, new.count)) {
                throw Rejection("no change of topic", after.user)
            }
        }
    }

    /// What the memory holds is told, in words that the question did not have.
    private static func requireRecall(_ script: Script, _ setting: Setting) throws(Rejection) {
        guard setting.forgotten == nil, !setting.memories.isEmpty else { return }
        for turn in script.turns where turn.calls.contains(where: { $0.tool == "search_memory" }) {
            let news = content(setting.memories.joined(separator: " ")).subtracting(content(turn.user))
            if content(turn.reply).isDisjoint(with: news) { throw Rejection("result not used", turn.reply) }
        }
    }

    /// Something of who the user is stands in a reply.
    private static func requirePerson(_ script: Script, _ profile: Profile) throws(Rejection) {
        let facts = [profile.name, profile.city] + profile.languages + profile.preferences
        let known = content(facts.joined(separator: " "))
        let said = content(script.turns.map(\.reply).joined(separator: " "))
        if said.isDisjoint(with: known) { throw Rejection("user not known", script.turns.last?.reply ?? "") }
    }

    /// What was found is told, and not read out.
    private static func requireOwnWords(_ script: Script) throws(Rejection) {
        let longest = 12
        for turn in script.turns {
            for call in turn.calls {
                let result = Words(call.result ?? "").all, reply = Words(turn.reply).all
                guard reply.count >= longest, result.count >= longest else { continue }
                let runs = Set((0...(result.count - longest)).map { result[$0..<$0 + longest].joined(separator: " ") })
                for start in 0...(reply.count - longest)
                where runs.contains(reply[start..<start + longest].joined(separator: " ")) {
                    throw Rejection("reads the result out", turn.reply)
                }
            }
        }
    }

    /// Words that carry meaning, without their endings.
    private static func content(_ text: String) -> Set<String> {
        Set(
            Words(text).all.filter { ($0.count > 2 || $0.allSatisfy(\.isNumber)) && !small.contains($0) }.map {
                String($0.prefix(6))
            })
    }

    private static let small: Set<String> = [
        "the", "and", "for", "you", "your", "are", "was", "were", "what", "when", "where", "which", "who", "how", "why",
        "that", "this", "with", "have", "has", "had", "not", "but", "they", "their", "them", "user", "from", "can",
        "could", "would", "should", "did", "does", "about", "tell", "told", "know", "called", "there", "some", "any",
        "just", "like", "anyway", "please", "i'm", "it's", "i've", "what's", "don't", "will", "get", "got", "very",
        "well", "speaks", "lives", "she", "her", "his", "him", "out", "now", "too",
    ]
}
