import Foundation

/// A stretch of zeroed memory that the system is asked to map in huge pages.
///
/// Weights and attention pages are read from end to end for every token; with 4 KiB pages a good part of that time goes
/// into address translation.
final class HugeMemory: @unchecked Sendable {
    // Only the address is kept here; who writes where is for its users to arrange.
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int
    private var preparedBytes = 0
    /// The size of a huge page on x86-64, and the usual one on aarch64.
    private static let hugePage = 2 << 20

    init(byteCount: Int) {
        self.byteCount = (byteCount + Self.hugePage - 1) / Self.hugePage * Self.hugePage
        // One huge page more than needed, so that the first can begin at its boundary. What is not touched costs nothing.
        mappedBytes = self.byteCount + Self.hugePage
        guard
            let mapping = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapping != MAP_FAILED
        else { preconditionFailure("the system has no address space for \(mappedBytes) bytes") }
        self.mapping = mapping
        base = mapping.alignedUp(toMultipleOf: Self.hugePage)
        #if os(Linux)
        // A wish, not a need: without huge pages everything works, only slower.
        madvise(base, self.byteCount, 14 /* MADV_HUGEPAGE */)
        #endif
    }

    /// Has the system provide the next huge page that it was not asked for yet; false when it has provided them all.
    ///
    /// The first touch of a huge page takes a tenth of a millisecond, and in a virtual machine whose host must find the
    /// memory itself more than four. What is already written stays as it is. Used by one thread at a time.
    func prepareNextPage() -> Bool {
        guard preparedBytes < byteCount else { return false }
        #if os(Linux)
        // Unknown to kernels before 5.14; then pages come at their first touch.
        madvise(base + preparedBytes, Self.hugePage, 23 /* MADV_POPULATE_WRITE */)
        #endif
        preparedBytes += Self.hugePage
        return true
    }

    deinit { munmap(mapping, mappedBytes) }
}

/// Hands out pieces of huge memory one after the other; a stretch is freed when nobody holds a piece of it any more.
///
/// Used by one thread at a time: the one that loads a model.
public final class WeightMemory {
    private var current: HugeMemory?
    private var used = 0
    private static let stretchBytes = 32 << 20

    /// Nothing taken yet.
    public init() {}

    /// That many bytes, aligned to 64, and what must be kept for as long as they are used.
    func allocate(_ byteCount: Int) -> (pointer: UnsafeMutableRawPointer, owner: HugeMemory) {
        let rounded = (byteCount + 63) / 64 * 64
        if let current, used + rounded <= current.byteCount {
            defer { used += rounded }
            return (current.base + used, current)
        }
        let stretch = HugeMemory(byteCount: max(rounded, Self.stretchBytes))
        current = stretch
        used = rounded
        return (stretch.base, stretch)
    }
}
