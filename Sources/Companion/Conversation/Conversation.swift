import Foundation
import Logging

/// One session with one user: turns in order, written down, of which at most one is being answered.
///
/// Everything that becomes of a reply passes through this actor, where its generation number is compared with the newest:
/// a reply that was overtaken can neither say nor write anything, whenever its model or its tools come back.
///
/// What the model is shown is what was sent before and grows at its end, but for these: the history is
/// trimmed at a turn's beginning when it has grown long (``ConversationOptions/trimAbove``); a spoiled reply is cut out,
/// with past turns that resemble it; and after a reply went wrong twice she starts afresh, which the transcript does not.
public actor Conversation: Replying {
    /// Names the session in the store.
    public nonisolated let sessionID: String
    nonisolated let setup: ConversationSetup
    nonisolated let tools: [ToolDefinition]

    var history: PromptHistory
    var live: LiveTurn?
    var draft: (turn: TurnDraft, openedAt: Date)?
    /// When the model was last told the time, in a turn that stands.
    var clockToldAt: Date?
    /// What the next turn says of the last one's end.
    var note: String?
    /// Tokens of a prompt with so many messages, as the model counted them.
    var gauge: (messages: Int, tokens: Int)?
    private var generation = 0
    private var preparation: Task<Void, Never>?
    private var isEnded = false

    private init(session: String, setup: ConversationSetup, transcript: [TranscriptEntry]) {
        sessionID = session
        self.setup = setup
        tools = setup.persona.allowed(setup.tools.definitions)
        let system = SystemPrompt.assemble(persona: setup.persona, profile: setup.profile, tools: tools)
        let apology = setup.options.apology
        history = PromptHistory(system: system, transcript: transcript) {
            $0 == apology || ReplyGuard.spoilage(of: $0) != nil
        }
    }

    // MARK: Sessions

    /// Begins a session, which is in the store when this returns.
    public static func start(id: String = UUID().uuidString.lowercased(), _ setup: ConversationSetup) throws
        -> Conversation
    {
        let record = try setup.store.createSession(id: id, persona: setup.persona.name)
        return Conversation(session: record.id, setup: setup, transcript: [])
    }

    /// Goes on with a session of the store.
    public static func resume(_ id: String, _ setup: ConversationSetup) throws -> Conversation {
        guard try setup.store.session(id) != nil else { throw ConversationError.unknownSession(id) }
        return Conversation(session: id, setup: setup, transcript: try setup.store.transcript(of: id))
    }

    /// Ends the session: a reply that is being given is kept as far as it came, and none begins any more. The store keeps
    /// the session, which can be resumed.
    public func end() {
        overtake()
        preparation?.cancel()
        isEnded = true
    }

    // MARK: Turns

    /// Reads ahead what the user has said so far of a turn that goes on; nothing while a reply is being given.
    public func prepare(partial text: String) async {
        // What ends a partial transcript is a guess, and rarely the sentence's end.
        let words = String(text.reversed().drop { $0.isWhitespace || $0.isPunctuation }.reversed())
        guard live == nil, !isEnded, !words.isEmpty else { return }
        let message = openDraft().message(words, remembering: [])
        preparation?.cancel()
        let task = Task { await readAhead(message) }
        preparation = task
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func readAhead(_ message: ChatMessage) async {
        await fit([message], within: trimLimit)
        guard !Task.isCancelled else { return }
        var prompt = ChatPrompt(messages: history.messages(endingWith: [message]), tools: tools)
        prompt.asksForReply = false
        await setup.model.prepare(prompt)
    }

    /// Starts to answer. A reply that is still being given is over with this: thrown away if it was not committed, else
    /// kept as it came, for who wants it kept as it was heard calls ``Reply/interrupt(heard:)`` first.
    public func begin(_ text: String) async throws -> any Reply {
        let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !isEnded else { throw ConversationError.ended(sessionID) }
        guard !words.isEmpty else { throw ConversationError.nothingSaid }
        overtake()
        preparation?.cancel()
        generation += 1
        let queue = ReplyEventQueue()
        live = LiveTurn(generation: generation, words: words, draft: openDraft(), queue: queue)
        live?.task = Task { [generation] in await answer(generation) }
        return ConversationReply(conversation: self, generation: generation, events: queue.stream)
    }

    /// What stands before the words of the turn that begins, the same for all guesses at it.
    private func openDraft() -> TurnDraft {
        let now = setup.now()
        let interval = setup.options.clockInterval
        if let draft, now.timeIntervalSince(draft.openedAt) < interval { return draft.turn }
        var lines = [history.unanswered, note].compactMap { $0 }
        let tellsTime = clockToldAt.map { now.timeIntervalSince($0) >= interval } ?? true
        if tellsTime { lines.append(MessageContext.clock(at: now, in: setup.timeZone)) }
        let turn = TurnDraft(lines: lines, hasClock: tellsTime)
        draft = (turn, now)
        return turn
    }

    // MARK: What the parts share

    /// Whether the reply still counts.
    func isLive(_ generation: Int) -> Bool { live?.generation == generation }

    func log(_ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        setup.logger.warning(message, metadata: metadata.merging(["session": "\(sessionID)"]) { first, _ in first })
    }
}
