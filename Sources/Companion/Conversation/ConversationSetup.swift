import Foundation
import Logging

/// What a conversation is held with.
public struct ConversationSetup: Sendable {
    /// Who answers.
    public var model: any ChatModel
    /// Where it is written down.
    public var store: any CompanionStoring
    /// Who the companion is.
    public var persona: Persona
    /// Who the user is.
    public var profile: Profile
    /// What she can do; of these, the persona's.
    public var tools: any ToolRunning
    /// What the user's words bring to mind, best first; a few lines at most are used. It runs between the end of the
    /// user's speech and the first token, so it must be quick.
    public var recall: @Sendable (String) async -> [String]
    /// Limits and fixed sentences.
    public var options: ConversationOptions
    /// Told of what goes wrong, never of what was said.
    public var logger: Logger
    /// The clock that the model is told.
    public var now: @Sendable () -> Date
    /// The zone in which it is told.
    public var timeZone: TimeZone

    /// A setup with these parts.
    public init(
        model: any ChatModel, store: any CompanionStoring, persona: Persona = .annie, profile: Profile = Profile(),
        tools: any ToolRunning = NoTools(), recall: @escaping @Sendable (String) async -> [String] = { _ in [] },
        options: ConversationOptions = ConversationOptions(), logger: Logger = Logger(label: "annie.conversation"),
        now: @escaping @Sendable () -> Date = { Date() }, timeZone: TimeZone = .current
    ) {
        self.model = model
        self.store = store
        self.persona = persona
        self.profile = profile
        self.tools = tools
        self.recall = recall
        self.options = options
        self.logger = logger
        self.now = now
        self.timeZone = timeZone
    }
}

/// Limits of a conversation, and what the companion says where she has no words of her own.
public struct ConversationOptions: Sendable, Equatable {
    /// Rounds of tool calls that one reply may take.
    public var maximumToolRounds = 4
    /// Tokens that one reply of the model may take.
    public var maximumReplyTokens = 400
    /// Of the context's length: where the prompt would pass the first share, whole turns are dropped, oldest first, until
    /// it is below the second. So it is cut seldom, and between two cuts it only grows at its end and stays cached.
    public var trimAbove = 0.75, trimTo = 0.5
    /// The model is told the time anew when it was last told it so many seconds ago.
    public var clockInterval = 900.0
    /// The seed of every first attempt; nil draws one.
    public var seed: UInt64?
    /// Said, and written down, when a reply went wrong twice.
    public var apology = "Sorry, I lost my thread. Could you say that again?"
    /// Said when the model cannot be asked, or refuses.
    public var unreachable = "Sorry, my language model isn't answering right now."
    /// Said when the model fell silent in the middle.
    public var cutOff = "Sorry, I lost the connection to my language model."

    /// The usual limits.
    public init() {}
}

/// Why a conversation does not go on.
public enum ConversationError: Error, Equatable, CustomStringConvertible, Sendable {
    /// No session has that id.
    case unknownSession(String)
    /// The session is over.
    case ended(String)
    /// There was nothing to answer.
    case nothingSaid
    /// Another reply has begun since.
    case superseded

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unknownSession(let id): "there is no session '\(id)'; start a new one, or list those there are"
        case .ended(let id): "the session '\(id)' has ended; resume it to go on"
        case .nothingSaid: "there is nothing to answer: the user's words are empty"
        case .superseded: "a newer reply has begun, so this one no longer counts"
        }
    }
}
