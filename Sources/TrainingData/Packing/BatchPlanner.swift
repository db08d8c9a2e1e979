/// Plans an epoch: which documents are computed together, within a budget of tokens.
public struct BatchPlanner: Sendable {
    /// Tokens that a batch may have, shared ones counted once.
    public var tokenBudget: Int
    /// How many parents a segment may have, one going on from the other; 0 shares nothing.
    public var sharedLevels: Int
    /// Tokens a shared beginning must save to be worth a segment of its own.
    public var minimumSaving: Int
    /// Documents among which those with like beginnings are brought together; 1 keeps the shuffled order.
    public var window: Int

    /// A planner.
    ///
    /// - Precondition: `tokenBudget` and `window` are positive.
    public init(tokenBudget: Int, sharedLevels: Int = 1, minimumSaving: Int = 32, window: Int = 256) {
        precondition(tokenBudget > 0 && window > 0, "a batch needs room, and a window documents")
        self.tokenBudget = tokenBudget
        self.sharedLevels = sharedLevels
        self.minimumSaving = minimumSaving
        self.window = window
    }

    /// The batches of one epoch, in a random order that seed and epoch decide. A document with more tokens than the budget
    /// is a batch of its own: what is too long is for the encoder to refuse.
    public func batches(_ documents: [EncodedConversation], seed: UInt64, epoch: Int = 0) -> [PackedBatch] {
        var random = SeededGenerator(seed: seed ^ (UInt64(truncatingIfNeeded: epoch) &* 0xA24B_AED4_963E_E407))
        let order = random.shuffled(documents.indices)
        var batches: [PackedBatch] = []
        var start = 0
        while start < order.count {
            let end = min(start + window, order.count)
            let near = order[start..<end].sorted {
                documents[$0].tokens.lexicographicallyPrecedes(documents[$1].tokens)
            }
            batches += cut((window == 1 ? Array(order[start..<end]) : near).map { documents[$0] })
            start = end
        }
        return random.shuffled(batches)
    }

    /// Fills one batch after the other.
    private func cut(_ documents: [EncodedConversation]) -> [PackedBatch] {
        let sharing = PrefixSharing(minimumSaving: minimumSaving, levels: sharedLevels)
        var batches: [PackedBatch] = []
        var open: [EncodedConversation] = []
        var packed = PackedBatch(segments: [], documents: [])
        for document in documents {
            let trial = sharing.batch(open + [document])
            if open.isEmpty || trial.tokenCount <= tokenBudget {
                open.append(document)
                packed = trial
            } else {
                batches.append(packed)
                open = [document]
                packed = sharing.batch(open)
            }
        }
        if !open.isEmpty { batches.append(packed) }
        return batches
    }
}
