/// A language model as the companion sees it: the engine of this package, or any OpenAI-compatible endpoint.
public protocol ChatModel: Sendable {
    /// Shown to the user and written into sessions.
    var name: String { get }
    /// Tokens of prompt and reply together; 0 as long as that is not known.
    var contextLength: Int { get }
    /// Streams a reply. Ending the iteration, or cancelling its task, stops the model within a token.
    func reply(to prompt: ChatPrompt) -> AsyncThrowingStream<ChatModelEvent, any Error>
    /// Reads the prompt ahead of its use, so that the reply's first token comes sooner; does nothing where that is not
    /// possible. Cancelling the task stops it.
    func prepare(_ prompt: ChatPrompt) async
    /// Tokens the prompt takes; may be estimated (from above) where the tokenizer is elsewhere.
    func tokenCount(of prompt: ChatPrompt) async throws -> Int
}

/// What a model is asked to answer.
public struct ChatPrompt: Sendable, Equatable {
    /// System message first, then the conversation.
    public var messages: [ChatMessage]
    /// Tools it may call.
    public var tools: [ToolDefinition]
    /// Whether the prompt ends where the assistant speaks next. Off while the user is still speaking.
    public var asksForReply = true
    /// Tokens the reply may take.
    public var maximumTokens: Int?
    /// 0 is greedy; nil is the model's own.
    public var temperature: Double?
    /// Same seed, same reply; nil draws one.
    public var seed: UInt64?

    /// A prompt with these parts.
    public init(messages: [ChatMessage], tools: [ToolDefinition] = []) {
        self.messages = messages
        self.tools = tools
    }
}

/// What a model says of its reply, in order; ``finished(_:)`` comes once, last.
public enum ChatModelEvent: Sendable, Equatable {
    /// More of the reply.
    case text(String)
    /// More of what it thinks, never to be shown as its answer.
    case reasoning(String)
    /// A whole call.
    case toolCall(ToolCall)
    /// The end.
    case finished(ChatModelSummary)
}

/// How a reply went.
public struct ChatModelSummary: Sendable, Equatable {
    /// OpenAI's `finish_reason`: `stop`, `length`, `tool_calls`.
    public var finishReason: String
    /// Tokens in the prompt, how many of them were in the cache, and tokens in the reply; nil where not told.
    public var promptTokens: Int?, cachedTokens: Int?, completionTokens: Int?

    /// A summary with these parts.
    public init(finishReason: String, promptTokens: Int? = nil, cachedTokens: Int? = nil, completionTokens: Int? = nil)
    {
        self.finishReason = finishReason
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
    }
}
