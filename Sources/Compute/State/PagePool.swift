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
    let recurrentMemory: RecurrentMemory
    private var free: [UnsafeMutableRawPointer] = []
    private var stretches: [HugeMemory] = []
    private var allocated = 0
    /// Memory is taken in stretches of about this size, so that pages lie in huge pages.
    private static let stretchBytes = 32 << 20
    /// So much is kept ready for prompts to come, some thousands of tokens of a small model.
    private static let reserveBytes = 64 << 20

    /// A pool of as many pages as fit `byteLimit`, at least one; memory is taken as it is needed.
    public init(layout: StateLayout, byteLimit: Int) {
        self.layout = layout
        recurrentMemory = RecurrentMemory(count: layout.recurrent.reduce(0, +))
        capacity = max(1, byteLimit / max(layout.pageBytes, 1))
    }

    /// Pages that can still be had.
    public var available: Int { capacity - used }

    /// A page, zeroed when its memory is new; nil when the limit is reached.
    func allocate() -> Page? {
        guard used < capacity else { return nil }
        if free.isEmpty { addStretch() }
        guard let memory = free.popLast() else { return nil }
        used += 1
        return Page(memory: memory, pool: self)
    }

    /// Has the system provide one more piece of the memory that prompts to come will need, so that they need not wait
    /// for it; false when enough is ready. A piece takes some milliseconds at worst: for an engine that has nothing to do.
    package func prepareMore() -> Bool {
        if let stretch = stretches.last, stretch.prepareNextPage() { return true }
        guard free.count * pageBytes < Self.reserveBytes, allocated < capacity else { return false }
        addStretch()
        return true
    }

    private var pageBytes: Int { max(layout.pageBytes, 64) }

    private func addStretch() {
        let count = min(max(1, Self.stretchBytes / pageBytes), capacity - allocated)
        guard count > 0 else { return }
        let stretch = HugeMemory(byteCount: count * pageBytes)
        stretches.append(stretch)
        allocated += count
        // Handed out from the end: what was used before comes first, then the new pages in their order.
        free.insert(contentsOf: (0..<count).reversed().map { stretch.base + $0 * pageBytes }, at: 0)
    }

    fileprivate func recycle(_ memory: UnsafeMutableRawPointer) {
        used -= 1
        free.append(memory)
    }
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
