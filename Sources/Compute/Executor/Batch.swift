/// The tokens of one forward pass: rows of one or more sequences, one after the other.
public struct Batch: Sendable, Equatable {
    /// The rows of one sequence.
    public struct Segment: Sendable, Equatable {
        /// Rows of the batch that belong to it.
        public let rows: Range<Int>
        /// The position of its first row in the sequence.
        public let start: Int
    }

    /// Token ids, a row each.
    public private(set) var tokens: [Int32] = []
    /// Each row's position in its sequence.
    public private(set) var positions: [Int32] = []
    /// The sequences, in row order.
    public private(set) var segments: [Segment] = []
    /// The rows whose logits are wanted, ascending.
    public private(set) var outputRows: [Int] = []

    /// How many rows there are.
    public var count: Int { tokens.count }

    /// A batch without rows.
    public init() {}

    /// Which rows of a segment need logits.
    public enum Output: Sendable {
        /// None: the segment only fills the sequence's state.
        case none
        /// The last row, to choose the next token.
        case last
        /// Every row, to score a prompt.
        case all
    }

    /// Adds tokens that stand at `start`, `start + 1`, … of a sequence; returns where their logits will be.
    @discardableResult
    public mutating func append(_ newTokens: some Collection<Int32>, at start: Int, output: Output) -> Range<Int> {
        let first = tokens.count
        tokens.append(contentsOf: newTokens)
        positions.append(contentsOf: (start..<start + newTokens.count).map(Int32.init))
        let rows = first..<tokens.count
        segments.append(Segment(rows: rows, start: start))
        let firstOutput = outputRows.count
        switch output {
        case .none: break
        case .last: outputRows.append(rows.upperBound - 1)
        case .all: outputRows.append(contentsOf: rows)
        }
        return firstOutput..<outputRows.count
    }
}
