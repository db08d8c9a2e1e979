import Foundation

/// A matrix of fp32 activations in memory, or a block of columns of one.
public struct HostTensor {
    let buffer: HostBuffer
    let offset: Int
    /// Rows (tokens) and columns (features).
    public let rows: Int, columns: Int
    /// Floats from one row to the next.
    public let stride: Int

    /// The first element.
    public var pointer: UnsafeMutablePointer<Float> { buffer.pointer + offset }

    /// Some of the columns, sharing memory.
    func slice(columns range: Range<Int>) -> HostTensor {
        HostTensor(buffer: buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
    }

    /// One row; valid while the tensor is.
    public func row(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: pointer + index * stride, count: columns)
    }
}

/// Memory that goes back to its pool when nothing refers to it.
final class HostBuffer {
    let pointer: UnsafeMutablePointer<Float>
    private let raw: UnsafeMutableRawPointer
    private let sizeClass: Int
    private unowned let pool: HostBufferPool

    fileprivate init(raw: UnsafeMutableRawPointer, sizeClass: Int, pool: HostBufferPool) {
        self.raw = raw
        self.sizeClass = sizeClass
        self.pool = pool
        pointer = raw.assumingMemoryBound(to: Float.self)
    }

    deinit { pool.recycle(raw, sizeClass: sizeClass) }
}

/// Keeps freed buffers by size, so that a forward pass touches the same warm pages again and again.
///
/// Used by one thread at a time, as the executor that owns it is.
final class HostBufferPool {
    private var free: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: 64)
    private static let smallest = 12

    /// Uninitialised memory for a matrix.
    func tensor(rows: Int, columns: Int) -> HostTensor {
        HostTensor(buffer: buffer(bytes: rows * columns * 4), offset: 0, rows: rows, columns: columns, stride: columns)
    }

    /// At least that many bytes, aligned to 64.
    func buffer(bytes: Int) -> HostBuffer {
        let sizeClass = max(Self.smallest, Int.bitWidth - (max(bytes, 1) - 1).leadingZeroBitCount)
        let raw =
            free[sizeClass].popLast() ?? UnsafeMutableRawPointer.allocate(byteCount: 1 << sizeClass, alignment: 64)
        return HostBuffer(raw: raw, sizeClass: sizeClass, pool: self)
    }

    fileprivate func recycle(_ raw: UnsafeMutableRawPointer, sizeClass: Int) { free[sizeClass].append(raw) }

    deinit { for list in free { for raw in list { raw.deallocate() } } }
}
