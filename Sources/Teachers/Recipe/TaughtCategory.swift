import DataGeneration

/// What a conversation that a teacher writes is to teach.
public enum TaughtCategory: String, CaseIterable, Sendable, Comparable {
    /// She goes along with a new topic at once.
    case topicSwitching = "topic_switching"
    /// She acts without asking whether she should.
    case directAction = "direct_action"
    /// One or two sentences of speech, whatever is asked for.
    case conciseVoice = "concise_voice"
    /// What is not known is said not to be.
    case honestMemory = "honest_memory"
    /// She reads who the user is from the prompt.
    case userContext = "user_context"
    /// Greetings, feasts, food and manners of many peoples.
    case culture
    /// All of it in longer talks.
    case mixed = "mixed_multi_turn"
    /// Asked for lists, tables and emoji, she speaks.
    case noMarkup = "no_markup"
    /// What tools return is told in her own words, and nothing that it does not say.
    case toolResults = "tool_results"
    /// She stops when it is said.
    case noFollowUp = "no_follow_up"

    /// What samples call it.
    public var title: String {
        switch self {
        case .mixed: Category.mixed.rawValue
        default: rawValue.replacing("_", with: " ")
        }
    }

    /// The category with this title.
    public init?(title: String) {
        guard let category = Self.allCases.first(where: { $0.title == title }) else { return nil }
        self = category
    }

    /// How many conversations there are of it unless a recipe says otherwise.
    public var usualCount: Int {
        switch self {
        case .topicSwitching, .directAction, .conciseVoice: 200
        default: 100
        }
    }

    /// So many conversations in all, divided as usual.
    public static func counts(of total: Int) -> [TaughtCategory: Int] {
        let all = allCases.reduce(0) { $0 + $1.usualCount }
        var passed = 0, given = 0
        var counts: [TaughtCategory: Int] = [:]
        for category in allCases {
            passed += category.usualCount
            let upTo = Int((Double(total) * Double(passed) / Double(all)).rounded())
            counts[category] = upTo - given
            given = upTo
        }
        return counts.filter { $0.value > 0 }
    }

    /// The category of the banks that comes closest, from which examples are taken.
    var bank: Category {
        switch self {
        case .topicSwitching: .topicSwitching
        case .directAction, .toolResults: .directAction
        case .conciseVoice, .noMarkup, .noFollowUp: .conciseVoice
        case .honestMemory: .honestMemory
        case .userContext: .userContext
        case .culture: .culture
        case .mixed: .mixed
        }
    }

    /// In the order in which they are declared.
    public static func < (left: TaughtCategory, right: TaughtCategory) -> Bool { left.place < right.place }
    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
