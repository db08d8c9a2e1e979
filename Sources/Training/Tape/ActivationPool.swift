import CKernels
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

    /// Forgets what is between these bytes, as far as whole huge pages go; returns where that begins.
    func discard(from first: Int, upTo last: Int) -> Int {
        let start = (first + Self.hugePage - 1) / Self.hugePage * Self.hugePage
        guard start < last else { return last }
        let bytes = min(
            (last - start + Self.hugePage - 1) / Self.hugePage * Self.hugePage, mappedBytes - Self.hugePage - start)
        madvise(pointer + start, bytes, MADV_DONTNEED)
        return start
    }

    deinit { munmap(mapping, mappedBytes) }
}

/// A piece of memory that goes back to its region when nothing refers to it.
final class ActivationBuffer {
    let pointer: UnsafeMutableRawPointer
    private let region: ActivationRegion
    private let range: Range<Int>

    fileprivate init(_ region: ActivationRegion, _ range: Range<Int>) {
        pointer = region.memory.pointer + range.lowerBound
        self.region = region
        self.range = range
    }

    var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }

    deinit { region.recycle(range) }
}

/// A stretch of memory, dealt out from its beginning.
private final class ActivationRegion {
    let memory: MappedMemory
    /// What is free, in order, neighbours joined.
    private var free: [Range<Int>]
    /// Pages up to here may have been written since they were last given back.
    private(set) var touched = 0
    /// As far as anything reached since the last trim.
    private var reached = 0

    init(byteCount: Int) {
        memory = MappedMemory(byteCount: byteCount)
        free = [0..<byteCount]
        annie_guard(memory.pointer, byteCount)
    }

    deinit { annie_unguard(memory.pointer, memory.byteCount) }

    var isUnused: Bool { free.count == 1 && free[0].count == memory.byteCount }

    /// The first place that is large enough.
    func take(_ size: Int) -> Range<Int>? {
        guard let index = free.firstIndex(where: { $0.count >= size }) else { return nil }
        let place = free[index]
        let range = place.lowerBound..<place.lowerBound + size
        if range.upperBound == place.upperBound {
            free.remove(at: index)
        } else {
            free[index] = range.upperBound..<place.upperBound
        }
        reached = max(reached, range.upperBound)
        touched = max(touched, reached)
        return range
    }

    func recycle(_ range: Range<Int>) {
        annie_guard(memory.pointer + range.lowerBound, range.count)
        // The first free range behind it.
        var (low, high) = (0, free.count)
        while low < high {
            let middle = (low + high) / 2
            if free[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        let joinsNext = low < free.count && free[low].lowerBound == range.upperBound
        let joinsLast = low > 0 && free[low - 1].upperBound == range.lowerBound
        switch (joinsLast, joinsNext) {
        case (true, true):
            free[low - 1] = free[low - 1].lowerBound..<free[low].upperBound
            free.remove(at: low)
        case (true, false): free[low - 1] = free[low - 1].lowerBound..<range.upperBound
        case (false, true): free[low] = range.lowerBound..<free[low].upperBound
        case (false, false): free.insert(range, at: low)
        }
    }

    /// Gives the pages back that nothing reached since the last time.
    func trim() {
        if reached < touched { touched = memory.discard(from: reached, upTo: touched) }
        reached = free.last.map { $0.upperBound == memory.byteCount ? $0.lowerBound : memory.byteCount } ?? touched
    }
}

/// Memory for activations: first places first, so that a batch computes in the memory of the one before, whatever their lengths,
/// and what is held is what the largest batch needs.
///
/// Pages stay with the pool from step to step: one that is given back and taken again has to be cleared by the system, which
/// costs more than it spares. Used by one thread at a time, as the executor that owns it is.
final class ActivationPool {
    private var regions: [ActivationRegion] = []
    private var steps = 0
    /// The most bytes that were held.
    private(set) var mostBytes = 0
    /// Bytes held, in use or not.
    var byteCount: Int { regions.reduce(0) { $0 + $1.touched } }

    private static let regionBytes = 1 << 30
    /// What no step reached for so long goes back to the system.
    private static let stepsKept = 16
    private static let alignment = 64

    /// At least that many bytes, aligned to 64, with whatever was in them.
    func buffer(bytes: Int) -> ActivationBuffer {
        let size = (max(bytes, 1) + annie_guard_bytes() + Self.alignment - 1) / Self.alignment * Self.alignment
        let (region, range) = place(size)
        annie_unguard(region.memory.pointer + range.lowerBound, bytes)
        return ActivationBuffer(region, range)
    }

    private func place(_ size: Int) -> (ActivationRegion, Range<Int>) {
        for region in regions {
            if let range = region.take(size) { return (region, range) }
        }
        let region = ActivationRegion(byteCount: max(size, Self.regionBytes))
        regions.append(region)
        guard let range = region.take(size) else { preconditionFailure("a new region is large enough") }
        return (region, range)
    }

    /// A matrix with whatever was in its memory.
    func matrix(rows: Int, columns: Int) -> Matrix {
        Matrix(buffer: buffer(bytes: rows * columns * 4), offset: 0, rows: rows, columns: columns, stride: columns)
    }

    /// A step is done: what none of the last ones reached goes back to the system.
    func endStep() {
        mostBytes = max(mostBytes, byteCount)
        steps += 1
        if steps.isMultiple(of: Self.stepsKept) { trim() }
    }

    /// Gives back to the system all that is free at the end of the regions.
    func clear() {
        trim()
        trim()
    }

    private func trim() {
        regions.removeAll { $0.isUnused && $0.touched == 0 }
        for region in regions { region.trim() }
    }
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
