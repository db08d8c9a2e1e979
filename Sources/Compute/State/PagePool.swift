import Foundation

/// Memory for the pages of all sequences, up to a limit.
///
/// Used by one thread at a time: the engine's.
public final class PagePool {
    /// What a page holds.
    public let layout: StateLayout
    /// How many pages there may be.
    public let capacity: Int
    /// Pages in use.
    public private(set) var used = 0
    private var free: [UnsafeMutableRawPointer] = []

    /// A pool of as many pages as fit `byteLimit`, at least one; memory is taken as it is needed.
    public init(layout: StateLayout, byteLimit: Int) {
        self.layout = layout
        capacity = max(1, byteLimit / max(layout.pageBytes, 1))
    }

    /// Pages that can still be had.
    public var available: Int { capacity - used }

    /// A page, zeroed when its memory is new; nil when the limit is reached.
    func allocate() -> Page? {
        guard used < capacity else { return nil }
        used += 1
        if let memory = free.popLast() { return Page(memory: memory, pool: self) }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(layout.pageBytes, 64), alignment: 64)
        memset(memory, 0, max(layout.pageBytes, 64))
        return Page(memory: memory, pool: self)
    }

    fileprivate func recycle(_ memory: UnsafeMutableRawPointer) {
        used -= 1
        free.append(memory)
    }

    deinit { for memory in free { memory.deallocate() } }
}

/// Keys and values of consecutive positions, shared by every sequence that begins with the same tokens.
final class Page {
    let memory: UnsafeMutableRawPointer
    private let pool: PagePool

    fileprivate init(memory: UnsafeMutableRawPointer, pool: PagePool) {
        self.memory = memory
        self.pool = pool
    }

    deinit { pool.recycle(memory) }
}
