/// What one forward and backward pass is computed over: conversations, or the parts of them that are shared.
public struct TrainingBatch: Sendable, Equatable {
    /// A run of tokens that goes on where its parent ends: a whole conversation (no parent), a shared prefix, or what
    /// follows one.
    public struct Segment: Sendable, Equatable {
        /// The tokens.
        public var tokens: [Int32]
        /// What predicting each token counts: 1 for the assistant's, 0 for others. The first token of a segment without
        /// a parent is never predicted.
        public var lossWeights: [Float]
        /// An earlier segment of the batch, whose tokens (and its ancestors') these see as their past.
        public var parent: Int?

        /// A segment.
        public init(tokens: [Int32], lossWeights: [Float], parent: Int? = nil) {
            self.tokens = tokens
            self.lossWeights = lossWeights
            self.parent = parent
        }
    }

    /// The segments, parents before their children. Segments that are not related do not see each other.
    public var segments: [Segment]

    /// A batch of segments.
    public init(segments: [Segment]) { self.segments = segments }

    /// Rows that are computed.
    public var tokenCount: Int { segments.reduce(0) { $0 + $1.tokens.count } }
    /// Tokens that carry loss.
    public var lossTokenCount: Int {
        segments.reduce(0) { total, segment in
            let counted = segment.parent == nil ? segment.lossWeights.dropFirst() : segment.lossWeights[...]
            return total + counted.count { $0 != 0 }
        }
    }
}

/// Why training cannot start or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// A batch that cannot be computed.
    case badBatch(String)
    /// Options that contradict each other or the model.
    case badOptions(String)
    /// A checkpoint that does not fit.
    case badCheckpoint(String)
    /// The loss or the gradient is not a number; nothing was changed by the step.
    case notFinite(step: Int, what: String)
    /// More memory would be needed than is there.
    case outOfMemory(neededBytes: Int, availableBytes: Int)

    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .badBatch(let message), .badOptions(let message), .badCheckpoint(let message): message
        case .notFinite(let step, let what):
            "step \(step): the \(what) is not a number, so the step was not taken. Lower the learning rate, or go back "
                + "to the last checkpoint; the weights are those of step \(step - 1)."
        case .outOfMemory(let needed, let available):
            "training needs about \(needed >> 20) MiB and \(available >> 20) MiB are free. Use fewer tokens a batch, "
                + "gradient checkpointing, or LoRA."
        }
    }
}
