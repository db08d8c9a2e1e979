import Compute

/// The states of a sequence's positions that the head for further tokens has not seen yet.
struct DraftMemory {
    /// The first of the positions.
    private(set) var start: Int
    private(set) var states: [Float]
    private let width: Int

    /// For a sequence whose first positions were computed for another one: the state before the next is not known any
    /// more, and taken for zero. A guess may be worse for it, never a reply.
    init(reusedLength: Int, width: Int) {
        self.width = width
        start = max(0, reusedLength - 1)
        states = reusedLength > 0 ? Array(repeating: 0, count: width) : []
    }

    /// How many positions they are.
    var count: Int { states.count / width }

    /// Adds the states of rows that were computed for the next positions.
    mutating func append(_ rows: Range<Int>, of tensor: HostTensor) {
        for row in rows { states.append(contentsOf: tensor.row(row)) }
    }

    /// Forgets what the head has seen.
    mutating func clear() {
        start += count
        states.removeAll(keepingCapacity: true)
    }
}
