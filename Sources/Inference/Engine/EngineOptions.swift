import Compute
import Foundation
import Models

/// How an engine computes, and how much it may take on.
public struct EngineOptions: Sendable {
    /// Threads for the products; nil takes one per core.
    public var threads: Int?
    /// The form weights and state are computed in.
    public var loading = LoadingOptions()
    /// Longest prompt and reply together; nil takes the model's own limit.
    public var maximumModelLength: Int?
    /// Sequences computed at the same time.
    public var maximumSequences = 16
    /// Most prompt tokens read in one step when nobody is waiting for a token; wide models are read in smaller steps,
    /// because that is faster.
    public var maximumBatchedTokens = 512
    /// Prompt tokens read in one step beside replies that are being written, so that their streams go on.
    public var interleavedPromptTokens = 96
    /// Bytes set aside for the state of all sequences, reused prefixes included.
    public var stateMemory = 1 << 30
    /// Bytes that kept recurrent states may take, for models that have such layers; beside ``stateMemory``.
    public var snapshotMemory = 1 << 30
    /// Where states are written for the next start; nil keeps them in memory only.
    public var snapshotDirectory: URL?
    /// Bytes that written states may take on the disk.
    public var snapshotDiskSpace = 8 << 30
    /// Whether later prompts start from the state of earlier ones.
    public var reusesPrefixes = true
    /// Tokens of a reply that are guessed at a time, from the prompt or by the model's own head for that, where it turns
    /// out faster; 0 guesses none.
    public var guessedTokens = 0
    /// Guesses also where that is slower: for tests, which cannot depend on the machine's speed.
    package var guessesWhateverItCosts = false
    /// Requests that may wait for their turn.
    public var queueLimit = 256

    /// The defaults.
    public init() {}
}
