/// What a conversation teaches.
public enum Category: String, CaseIterable, Sendable {
    /// She goes along with a new topic at once.
    case topicSwitching = "topic switching"
    /// She acts without asking whether she should.
    case directAction = "direct action"
    /// One or two sentences of speech, whatever is asked for.
    case conciseVoice = "concise voice"
    /// What is not known is said not to be.
    case honestMemory = "honest memory"
    /// She reads who the user is from the prompt.
    case userContext = "user context"
    /// Greetings, feasts and food of many peoples, and other languages.
    case culture
    /// All of it in longer talks.
    case mixed = "mixed multi-turn"

    /// Of a thousand conversations, how many are of this kind.
    public var share: Int {
        switch self {
        case .topicSwitching, .directAction, .conciseVoice: 200
        case .honestMemory, .userContext, .culture, .mixed: 100
        }
    }

    /// So many conversations divided by these shares, which come to a thousand.
    static func counts(of total: Int) -> [(Category, Int)] {
        var passed = 0, given = 0
        return allCases.map { category in
            passed += category.share
            let upTo = total * passed / 1000
            defer { given = upTo }
            return (category, upTo - given)
        }
    }
}
