/// The recurrent state of a sequence at one of its tokens.
///
/// Recurrent state is replaced token by token, so it can only be kept at the moment it stands there: the executor fills
/// a snapshot while it computes the tokens around it, and ``SequenceState/fork(at:recurrent:)`` makes a sequence of it.
/// Sequences share a snapshot until one of them goes on.
public final class RecurrentSnapshot {
    let values: UnsafeMutableBufferPointer<Float>
    private let layout: StateLayout
    private let memory: RecurrentMemory

    /// Memory for the state of a sequence of that pool, not filled yet.
    public init(pool: PagePool) {
        layout = pool.layout
        memory = pool.recurrentMemory
        values = memory.take()
    }

    func layer(_ layer: Int) -> UnsafeMutableBufferPointer<Float> {
        let range = layout.recurrentRange(layer: layer)
        return UnsafeMutableBufferPointer(rebasing: values[range])
    }

    deinit { memory.giveBack(values) }
}

/// Keeps a few freed states, because the first touch of fresh memory takes as long as a copy.
///
/// Used by one thread at a time, as the sequences are.
final class RecurrentMemory {
    private let count: Int
    private var free: [UnsafeMutableBufferPointer<Float>] = []
    private static let limit = 4

    init(count: Int) { self.count = count }

    /// Aligned to what the kernels load at once: what straddles two lines of the cache takes a fifth longer.
    func take() -> UnsafeMutableBufferPointer<Float> {
        if let values = free.popLast() { return values }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
        return UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: count), count: count)
    }

    func giveBack(_ values: UnsafeMutableBufferPointer<Float>) {
        if free.count < Self.limit { free.append(values) } else { Self.deallocate(values) }
    }

    private static func deallocate(_ values: UnsafeMutableBufferPointer<Float>) {
        UnsafeMutableRawPointer(values.baseAddress)?.deallocate()
    }

    deinit { for values in free { Self.deallocate(values) } }
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
