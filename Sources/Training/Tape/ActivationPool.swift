import Foundation

/// Memory that is mapped in huge pages where the system has them, zeroed.
final class MappedMemory {
    let pointer: UnsafeMutableRawPointer
    let byteCount: Int
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int
    private static let hugePage = 2 << 20

    init(byteCount: Int) {
        self.byteCount = byteCount
        mappedBytes = (max(byteCount, 1) + 2 * Self.hugePage - 1) / Self.hugePage * Self.hugePage
        guard
            let mapping = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapping != MAP_FAILED
        else { preconditionFailure("the system has no address space for \(mappedBytes) bytes") }
        self.mapping = mapping
        pointer = mapping.alignedUp(toMultipleOf: Self.hugePage)
        #if os(Linux)
        // A wish, not a need: without huge pages everything works, only slower.
        madvise(pointer, mappedBytes - Self.hugePage, 14 /* MADV_HUGEPAGE */)
        #endif
    }

    /// The memory as floats.
    var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }

    /// Forgets what is in it: the system takes the pages back until they are written again.
    func discard() { madvise(mapping, mappedBytes, MADV_DONTNEED) }

    deinit { munmap(mapping, mappedBytes) }
}

/// A piece of memory that goes back to its pool when nothing refers to it.
final class ActivationBuffer {
    let pointer: UnsafeMutableRawPointer
    private let owner: MappedMemory?
    private let sizeClass: Int
    private let pool: ActivationPool

    fileprivate init(_ block: ActivationPool.Block, sizeClass: Int, pool: ActivationPool) {
        pointer = block.pointer
        owner = block.owner
        self.sizeClass = sizeClass
        self.pool = pool
    }

    var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }

    deinit { pool.recycle(ActivationPool.Block(pointer: pointer, owner: owner), sizeClass: sizeClass) }
}

/// Keeps freed buffers by size for the next layer and the next step, which need the same sizes again.
///
/// Used by one thread at a time, as the executor that owns it is.
final class ActivationPool {
    fileprivate struct Block {
        let pointer: UnsafeMutableRawPointer
        let owner: MappedMemory?
    }

    private struct Shelf {
        var free: [Block] = []
        /// The fewest that were free since the last trim: nobody needed those.
        var unused = 0
    }

    private var shelves: [Int: Shelf] = [:]
    /// Bytes taken from the system, free or not.
    private(set) var byteCount = 0 { didSet { mostBytes = max(mostBytes, byteCount) } }
    /// The most that it was.
    private(set) var mostBytes = 0
    private static let mappedFrom = 1 << 20

    /// At least that many bytes, aligned to 64, with whatever was in them.
    func buffer(bytes: Int) -> ActivationBuffer {
        let sizeClass = Self.sizeClass(bytes)
        // One that is half as large again will do: batches differ in length from step to step.
        let fitting = shelves.lazy.filter {
            $0.key >= sizeClass && $0.key <= sizeClass * 3 / 2 && !$0.value.free.isEmpty
        }
        if let smallest = fitting.map(\.key).min(), var shelf = shelves[smallest], let block = shelf.free.popLast() {
            shelf.unused = min(shelf.unused, shelf.free.count)
            shelves[smallest] = shelf
            return ActivationBuffer(block, sizeClass: smallest, pool: self)
        }
        makeRoom(sizeClass)
        byteCount += sizeClass
        if sizeClass >= Self.mappedFrom {
            let memory = MappedMemory(byteCount: sizeClass)
            return ActivationBuffer(Block(pointer: memory.pointer, owner: memory), sizeClass: sizeClass, pool: self)
        }
        let pointer = UnsafeMutableRawPointer.allocate(byteCount: sizeClass, alignment: 64)
        return ActivationBuffer(Block(pointer: pointer, owner: nil), sizeClass: sizeClass, pool: self)
    }

    /// A matrix with whatever was in its memory.
    func matrix(rows: Int, columns: Int) -> Matrix {
        Matrix(buffer: buffer(bytes: rows * columns * 4), offset: 0, rows: rows, columns: columns, stride: columns)
    }

    /// Sizes of eight steps to the doubling, so that batches of about one length share buffers and little is wasted.
    private static func sizeClass(_ bytes: Int) -> Int {
        let bytes = max(bytes, 4096)
        let step = 1 << max(Int.bitWidth - bytes.leadingZeroBitCount - 4, 6)
        return (bytes + step - 1) / step * step
    }

    fileprivate func recycle(_ block: Block, sizeClass: Int) { shelves[sizeClass, default: Shelf()].free.append(block) }

    /// Gives back as much as is about to be taken, of what was not needed since the last trim: else a batch would stand beside
    /// the memory of the one before, where that was of another length.
    private func makeRoom(_ bytes: Int) {
        var missing = bytes
        while missing > 0, let next = shelves.max(by: { $0.key * $0.value.unused < $1.key * $1.value.unused }) {
            var (sizeClass, shelf) = next
            let count = min(shelf.unused, (missing + sizeClass - 1) / sizeClass)
            guard count > 0 else { return }
            for block in shelf.free.prefix(count) { release(block, sizeClass) }
            shelf.free.removeFirst(count)
            shelf.unused -= count
            shelves[sizeClass] = shelf
            missing -= count * sizeClass
        }
    }

    /// Gives back to the system what was not needed since the last trim.
    func trim() {
        for (sizeClass, shelf) in shelves {
            var shelf = shelf
            for block in shelf.free.prefix(shelf.unused) { release(block, sizeClass) }
            shelf.free.removeFirst(shelf.unused)
            shelf.unused = shelf.free.count
            shelves[sizeClass] = shelf
        }
    }

    /// Gives back to the system all that is free.
    func clear() {
        for (sizeClass, shelf) in shelves { shelves[sizeClass]?.unused = shelf.free.count }
        trim()
    }

    private func release(_ block: Block, _ sizeClass: Int) {
        if block.owner == nil { block.pointer.deallocate() }
        byteCount -= sizeClass
    }

    deinit { for (sizeClass, shelf) in shelves { for block in shelf.free { release(block, sizeClass) } } }
}

/// An fp32 matrix in pooled memory, or a block of columns of one.
struct Matrix {
    let buffer: ActivationBuffer
    let offset: Int
    let rows: Int, columns: Int
    /// Floats from one row to the next.
    let stride: Int

    var pointer: UnsafeMutablePointer<Float> { buffer.floats + offset }

    func slice(columns range: Range<Int>) -> Matrix {
        Matrix(buffer: buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
    }

    func zero() {
        for row in 0..<rows { (pointer + row * stride).update(repeating: 0, count: columns) }
    }

    func copy(from other: Matrix) {
        for row in 0..<rows {
            (pointer + row * stride).update(from: other.pointer + row * other.stride, count: columns)
        }
    }

    func add(_ other: Matrix) {
        for row in 0..<rows {
            let (target, source) = (pointer + row * stride, other.pointer + row * other.stride)
            for column in 0..<columns { target[column] += source[column] }
        }
    }

    /// The values, row after row.
    var values: [Float] {
        (0..<rows).flatMap { Array(UnsafeBufferPointer(start: pointer + $0 * stride, count: columns)) }
    }
}
