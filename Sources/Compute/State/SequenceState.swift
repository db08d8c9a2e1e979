import Foundation

/// What a model remembers of one sequence: attention pages, and recurrent state.
///
/// Copies share pages until one of them writes. Used by one thread at a time: the engine's.
public final class SequenceState {
    /// How many positions are held.
    public private(set) var length = 0
    private let pool: PagePool
    private var pages: [Page] = []
    /// Shared with snapshots and other sequences until it is written.
    private var recurrent: RecurrentSnapshot
    /// For each attention layer, where each page's keys and values are: `[layer][pageCapacity]`.
    private var tables: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private var tableCapacity: Int

    /// An empty sequence.
    public convenience init(pool: PagePool) {
        let recurrent = RecurrentSnapshot(pool: pool)
        recurrent.values.update(repeating: 0)
        self.init(pool: pool, tableCapacity: 4, recurrent: recurrent)
    }

    private init(pool: PagePool, tableCapacity: Int, recurrent: RecurrentSnapshot) {
        self.pool = pool
        self.recurrent = recurrent
        self.tableCapacity = tableCapacity
        tables = .allocate(capacity: max(1, tableCapacity * pool.layout.attention.count))
    }

    deinit { tables.deallocate() }

    /// Pages it refers to, shared ones included.
    public var pageCount: Int { pages.count }

    /// Makes room for `count` more positions, which may be written until the next call; false when pages have run out.
    ///
    /// Pages that are shared with another sequence are copied before they are written.
    public func reserve(_ count: Int) -> Bool {
        if length % StateLayout.tokensPerPage != 0, !makeUnique(page: pages.count - 1) { return false }
        while pages.count * StateLayout.tokensPerPage < length + count {
            guard let page = pool.allocate() else { return false }
            append(page)
        }
        return true
    }

    /// New pages that ``reserve(_:)`` would take for `count` more positions, copies included.
    public func pagesNeeded(for count: Int) -> Int {
        let new = StateLayout.pages(forTokens: length + count) - pages.count
        guard count > 0, length % StateLayout.tokensPerPage != 0 else { return max(0, new) }
        return max(0, new) + (isKnownUniquelyReferenced(&pages[pages.count - 1]) ? 0 : 1)
    }

    /// Counts positions whose keys, values and recurrent state have been written.
    public func advance(by count: Int) { length += count }

    /// Forgets the positions from `length` on; what they wrote is overwritten by those that come.
    ///
    /// - Parameter snapshot: the recurrent state at `length`, which recurrent layers need.
    public func rollBack(to length: Int, recurrent snapshot: RecurrentSnapshot? = nil) {
        precondition(length <= self.length, "a sequence cannot roll forward")
        if length < self.length, let snapshot { recurrent = snapshot }
        precondition(
            length == self.length || snapshot != nil || pool.layout.isTokenGranular,
            "recurrent state cannot run backwards")
        self.length = length
    }

    /// A sequence with the same first `length` positions. With recurrent layers `length` must be the whole.
    public func fork(at length: Int) -> SequenceState {
        precondition(length <= self.length, "a fork cannot be longer than its origin")
        precondition(length == self.length || pool.layout.isTokenGranular, "recurrent state cannot run backwards")
        return fork(at: length, recurrent: recurrent)
    }

    /// A sequence with the same first `length` positions, whose recurrent state was captured there.
    public func fork(at length: Int, recurrent snapshot: RecurrentSnapshot) -> SequenceState {
        precondition(length <= self.length, "a fork cannot be longer than its origin")
        let copy = SequenceState(
            pool: pool, tableCapacity: max(4, StateLayout.pages(forTokens: length) + 1), recurrent: snapshot)
        for page in pages.prefix(StateLayout.pages(forTokens: length)) { copy.append(page) }
        copy.length = length
        return copy
    }

    /// A copy of the recurrent state as it stands.
    public func snapshot() -> RecurrentSnapshot {
        let snapshot = RecurrentSnapshot(pool: pool)
        _ = snapshot.values.update(from: recurrent.values)
        return snapshot
    }

    /// A copy of everything held.
    public func contents() -> StateContents {
        let count = StateLayout.pages(forTokens: length)
        let bytes = pool.layout.pageBytes
        let pageBytes = [UInt8](unsafeUninitializedCapacity: count * bytes) { buffer, initialized in
            for (index, page) in pages.prefix(count).enumerated() {
                buffer.baseAddress.map { _ = memcpy($0 + index * bytes, page.memory, bytes) }
            }
            initialized = count * bytes
        }
        return StateContents(length: length, recurrent: Array(recurrent.values), pages: pageBytes)
    }

    /// A sequence with these contents; nil when they do not fit the pool's layout, or its pages have run out.
    public convenience init?(pool: PagePool, contents: StateContents) {
        let count = StateLayout.pages(forTokens: contents.length)
        guard contents.pages.count == count * pool.layout.pageBytes,
            contents.recurrent.count == pool.layout.recurrent.reduce(0, +)
        else { return nil }
        self.init(pool: pool, tableCapacity: max(4, count + 1), recurrent: RecurrentSnapshot(pool: pool))
        guard reserve(contents.length) else { return nil }
        contents.pages.withUnsafeBytes { bytes in
            for (index, page) in pages.enumerated() {
                bytes.baseAddress.map {
                    _ = memcpy(page.memory, $0 + index * pool.layout.pageBytes, pool.layout.pageBytes)
                }
            }
        }
        _ = recurrent.values.update(from: contents.recurrent)
        advance(by: contents.length)
    }

    /// The pages of one attention layer.
    func pageTable(layer: Int) -> UnsafePointer<UnsafeMutableRawPointer?> {
        UnsafePointer(tables + layer * tableCapacity)
    }

    /// The fp32 state of one recurrent layer, to be written; what is shared with others is copied first.
    public func recurrentState(layer: Int) -> UnsafeMutableBufferPointer<Float> {
        if !isKnownUniquelyReferenced(&recurrent) {
            let copy = RecurrentSnapshot(pool: pool)
            _ = copy.values.update(from: recurrent.values)
            recurrent = copy
        }
        return recurrent.layer(layer)
    }

    private func makeUnique(page index: Int) -> Bool {
        if isKnownUniquelyReferenced(&pages[index]) { return true }
        guard let copy = pool.allocate() else { return false }
        memcpy(copy.memory, pages[index].memory, pool.layout.pageBytes)
        pages[index] = copy
        point(to: copy, at: index)
        return true
    }

    private func append(_ page: Page) {
        pages.append(page)
        if pages.count > tableCapacity { growTables() }
        point(to: page, at: pages.count - 1)
    }

    private func point(to page: Page, at index: Int) {
        for (layer, offset) in pool.layout.layerOffsets.enumerated() {
            tables[layer * tableCapacity + index] = page.memory + offset
        }
    }

    private func growTables() {
        let old = tables
        tableCapacity *= 2
        tables = .allocate(capacity: max(1, tableCapacity * pool.layout.attention.count))
        for (index, page) in pages.enumerated() { point(to: page, at: index) }
        old.deallocate()
    }
}
