import JSON
import Tokenization

/// Anything that continues prompts: the engine, or a scripted stand-in in tests.
public protocol TextGenerator: Sendable {
    /// What is being served.
    var model: ServedModel { get }
    /// Starts a generation. Ending the stream's iteration cancels it within one token.
    ///
    /// - Throws: ``GenerationError`` when the request cannot be taken.
    func generate(_ request: GenerationRequest) throws -> AsyncThrowingStream<GenerationEvent, any Error>
    /// Counts for `/metrics`.
    func statistics() -> EngineStatistics
}

/// What a client needs to know about a model.
public struct ServedModel: Sendable {
    /// Nil for a checkpoint without a tokenizer, which serves token ids only.
    public var tokenizer: Tokenizer?
    /// The checkpoint's own template, or the one given on the command line.
    public var chatTemplate: ChatTemplate?
    /// Longest prompt and reply together.
    public var contextLength: Int
    /// Logits per token; padded entries are never sampled.
    public var vocabularySize: Int
    /// `generation_config.json`'s sampling defaults, over vLLM's.
    public var defaultSampling: SamplingParameters
    /// Tokens that end a reply.
    public var endTokens: Set<Int32>
    /// The architecture's name, such as `LlamaForCausalLM`.
    public var architecture: String

    /// A model with these properties.
    public init(
        tokenizer: Tokenizer?, chatTemplate: ChatTemplate?, contextLength: Int, vocabularySize: Int,
        defaultSampling: SamplingParameters = SamplingParameters(), endTokens: Set<Int32> = [],
        architecture: String = ""
    ) {
        self.tokenizer = tokenizer
        self.chatTemplate = chatTemplate
        self.contextLength = contextLength
        self.vocabularySize = vocabularySize
        self.defaultSampling = defaultSampling
        self.endTokens = endTokens
        self.architecture = architecture
    }
}

/// The engine's state at one moment, and its totals since the start.
public struct EngineStatistics: Sendable, Equatable {
    /// Requests being computed, and waiting for room.
    public var running = 0, waiting = 0
    /// Share of the state pages in use by running requests, 0 to 1.
    public var cacheUsage = 0.0
    /// Prompt tokens looked up in the prefix cache, and found there.
    public var prefixCacheQueries = 0, prefixCacheHits = 0
    /// Tokens read and written.
    public var promptTokens = 0, generationTokens = 0
    /// Tokens guessed ahead of the model, and those that it then chose.
    public var guessedTokens = 0, acceptedTokens = 0
    /// Requests that lost their pages and had to be read again.
    public var preemptions = 0

    /// Nothing running, nothing counted.
    public init() {}
}

/// Why a request was not taken, or could not go on.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
    /// Prompt and reply do not fit the context.
    case promptTooLong(tokens: Int, limit: Int)
    /// A token id outside the vocabulary.
    case unknownToken(Int32, vocabularySize: Int)
    /// An empty prompt.
    case emptyPrompt
    /// The queue is full.
    case queueFull(limit: Int)
    /// The request can never fit the memory set aside for sequence state.
    case outOfMemory(neededBytes: Int, limitBytes: Int)
    /// A sampling parameter outside its range.
    case invalidParameter(name: String, message: String)
    /// The engine is stopping.
    case shuttingDown

    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .promptTooLong(let tokens, let limit):
            "This model's maximum context length is \(limit) tokens, but the prompt has \(tokens). Shorten the prompt."
        case .unknownToken(let token, let size):
            "Token id \(token) is outside the vocabulary of \(size) tokens."
        case .emptyPrompt: "The prompt is empty; at least one token is needed."
        case .queueFull(let limit): "The queue is full (\(limit) requests waiting). Try again later."
        case .outOfMemory(let needed, let limit):
            "The request needs \(needed >> 20) MiB of sequence state and \(limit >> 20) MiB are set aside. Shorten it, or raise the limit."
        case .invalidParameter(let name, let message): "\(name): \(message)"
        case .shuttingDown: "The server is shutting down."
        }
    }
}
