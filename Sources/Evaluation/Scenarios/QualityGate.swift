/// A question that a reply passes or fails; a model's rate of passing is what the project's claims rest on.
public enum QualityGate: String, CaseIterable, Sendable {
    /// No thoughts among what is said.
    case thinkingLeak = "thinking_leak"
    /// No markup that a voice would read out.
    case markdown
    /// The right tool with valid and right arguments, or none where none is due.
    case toolCalling = "tool_calling"
    /// The new topic is answered and the old one left.
    case topicSwitch = "topic_switch"
    /// The tool is called at once, without asking whether it should be.
    case directAction = "direct_action"
    /// At most two sentences.
    case concise
    /// What is not known is said not to be, and what is known is told.
    case honestMemory = "honest_memory"
    /// The right name, and no other.
    case correctName = "correct_name"
    /// No emoji and no emoticons.
    case noEmoji = "no_emoji"
    /// The reply does not end in a question or an offer.
    case noFollowUp = "no_follow_up"
    /// The first word comes within the limit.
    case firstToken = "ttft"

    /// What tables call it.
    public var title: String {
        switch self {
        case .thinkingLeak: "No thinking leak"
        case .markdown: "No markdown"
        case .toolCalling: "Tool calling"
        case .topicSwitch: "Topic switch"
        case .directAction: "Direct action"
        case .concise: "Concise"
        case .honestMemory: "Honest memory"
        case .correctName: "Correct name"
        case .noEmoji: "No emoji"
        case .noFollowUp: "No follow-up"
        case .firstToken: "TTFT"
        }
    }

    /// The gates of manners: all but the one of speed, which no teaching changes.
    public static let manners = allCases.filter { $0 != .firstToken }

    /// Whether the gate can be judged by the reply alone, without being told what to expect.
    var needsNoExpectation: Bool {
        switch self {
        case .thinkingLeak, .markdown, .concise, .noEmoji, .noFollowUp, .firstToken: true
        case .toolCalling, .topicSwitch, .directAction, .honestMemory, .correctName: false
        }
    }
}
