/// The recurrent state of a sequence at one of its tokens.
///
/// Recurrent state is replaced token by token, so it can only be kept at the moment it stands there: the executor fills
/// a snapshot while it computes the tokens around it, and ``SequenceState/fork(at:recurrent:)`` makes a sequence of it.
public final class RecurrentSnapshot {
    let values: UnsafeMutableBufferPointer<Float>
    private let layout: StateLayout

    /// Memory for a state of that layout, not filled yet.
    public init(layout: StateLayout) {
        self.layout = layout
        values = .allocate(capacity: layout.recurrent.reduce(0, +))
    }

    func layer(_ layer: Int) -> UnsafeMutableBufferPointer<Float> {
        let start = layout.recurrent[..<layer].reduce(0, +)
        return UnsafeMutableBufferPointer(rebasing: values[start..<start + layout.recurrent[layer]])
    }

    deinit { values.deallocate() }
}

/// Where in a batch a snapshot is to be taken.
public struct StateCapture {
    /// Which segment of the batch.
    public let segment: Int
    /// After how many of the segment's rows, from none to all.
    public let rows: Int
    /// What is filled.
    public let snapshot: RecurrentSnapshot

    /// A snapshot of a segment's state after that many of its rows.
    public init(segment: Int, rows: Int, snapshot: RecurrentSnapshot) {
        self.segment = segment
        self.rows = rows
        self.snapshot = snapshot
    }
}

/// Everything that a sequence's state holds, for writing it to disk and reading it again.
public struct StateContents: Sendable, Equatable {
    /// Positions held.
    public let length: Int
    /// The recurrent layers' state.
    public let recurrent: [Float]
    /// The pages of keys and values, one after the other.
    public let pages: [UInt8]

    /// Contents as they were read.
    public init(length: Int, recurrent: [Float], pages: [UInt8]) {
        self.length = length
        self.recurrent = recurrent
        self.pages = pages
    }
}
