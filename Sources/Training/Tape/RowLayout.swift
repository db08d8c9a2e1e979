import CKernels

/// The rows of a training batch: the segments one after the other, each row with its position and what it must predict.
struct RowLayout {
    var tokens: [Int32] = []
    var positions: [Int32] = []
    var segments: [annie_train_segment] = []
    /// The rows whose logits are wanted; a row that precedes several segments appears once for each.
    var outputRows: [Int32] = []
    /// By output row: the token to predict, and what it counts.
    var targets: [Int32] = []
    var weights: [Float] = []

    private static let deepestTree = 64

    /// Lays out a batch, with an output row for each token of a weight other than 0.
    ///
    /// - Throws: ``TrainingError`` for a batch that cannot be computed.
    init(_ batch: TrainingBatch, vocabularySize: Int) throws(TrainingError) {
        var lastRows: [(row: Int, position: Int, depth: Int)] = []
        for (index, segment) in batch.segments.enumerated() {
            try Self.check(segment, index: index, vocabularySize: vocabularySize)
            var previous = (row: -1, position: -1, depth: 0)
            if let parent = segment.parent { previous = lastRows[parent] }
            guard previous.depth < Self.deepestTree else {
                throw .badBatch("segment \(index) has more than \(Self.deepestTree) ancestors")
            }
            let first = tokens.count
            for (offset, token) in segment.tokens.enumerated() {
                let weight = segment.lossWeights[offset]
                let predictor = offset == 0 ? previous.row : first + offset - 1
                if weight != 0, predictor >= 0 {
                    outputRows.append(Int32(predictor))
                    targets.append(token)
                    weights.append(weight)
                }
                tokens.append(token)
                positions.append(Int32(previous.position + 1 + offset))
            }
            segments.append(
                annie_train_segment(
                    first_row: first, rows: segment.tokens.count, parent: segment.parent ?? -1))
            lastRows.append(
                segment.tokens.isEmpty
                    ? (previous.row, previous.position, previous.depth + 1)
                    : (tokens.count - 1, previous.position + segment.tokens.count, previous.depth + 1))
        }
        guard !tokens.isEmpty else { throw .badBatch("the batch has no tokens") }
    }

    /// Plain tokens of one sequence, with these output rows.
    init(tokens: [Int32], outputRows: [Int32]) {
        self.tokens = tokens
        self.outputRows = outputRows
        positions = tokens.indices.map(Int32.init)
        segments = [annie_train_segment(first_row: 0, rows: tokens.count, parent: -1)]
    }

    private static func check(
        _ segment: TrainingBatch.Segment, index: Int, vocabularySize: Int
    ) throws(TrainingError) {
        guard segment.tokens.count == segment.lossWeights.count else {
            throw .badBatch(
                "segment \(index) has \(segment.tokens.count) tokens and \(segment.lossWeights.count) loss weights")
        }
        if let parent = segment.parent, !(0..<index).contains(parent) {
            throw .badBatch("segment \(index) names segment \(parent) as its parent; parents come first")
        }
        guard let outside = segment.tokens.first(where: { $0 < 0 || $0 >= vocabularySize }) else {
            guard segment.lossWeights.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
                throw .badBatch("segment \(index) has a loss weight that is negative or not finite")
            }
            return
        }
        throw .badBatch(
            "segment \(index) has the token \(outside); the model's vocabulary has \(vocabularySize). "
                + "The tokenizer and the model do not belong together")
    }
}
