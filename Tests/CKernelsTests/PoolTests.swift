import CKernels
import Foundation
import Testing

/// Counts how often each chunk was done. Chunks are done by several threads, each chunk by one.
private final class Tally: @unchecked Sendable {
    let counts: UnsafeMutablePointer<Int32>
    let chunks: Int
    var pool: OpaquePointer?

    init(chunks: Int, pool: OpaquePointer? = nil) {
        self.chunks = chunks
        self.pool = pool
        counts = .allocate(capacity: chunks)
        counts.initialize(repeating: 0, count: chunks)
    }

    deinit { counts.deallocate() }

    var allOnce: Bool { (0..<chunks).allSatisfy { counts[$0] == 1 } }

    func reset() { counts.update(repeating: 0, count: chunks) }

    var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static func of(_ context: UnsafeMutableRawPointer?) -> Tally {
        Unmanaged<Tally>.fromOpaque(context!).takeUnretainedValue()
    }
}

private let count: annie_task = { context, chunk in Tally.of(context).counts[chunk] += 1 }

extension Kernels {
    @Suite struct PoolTests {
        @Test(arguments: [1, 2, 3, 8] as [Int32])
        func everyChunkIsDoneOnce(threads: Int32) {
            let pool = Pool(threads: threads)
            #expect(annie_pool_threads(pool.pointer) == threads)
            for chunks in [0, 1, 2, 3, 7, 64, 1000] {
                let tally = Tally(chunks: chunks)
                for _ in 0..<50 {
                    tally.reset()
                    annie_pool_run(pool.pointer, chunks, count, tally.context)
                    #expect(tally.allOnce)
                }
            }
        }

        @Test func withoutAPoolTheCallerDoesItAll() {
            let tally = Tally(chunks: 9)
            annie_pool_run(nil, 9, count, tally.context)
            #expect(tally.allOnce)
        }

        @Test func smallRunsFromTwoThreadsDoNotMix() async {
            let pool = Pool(threads: 3)
            nonisolated(unsafe) let pointer = pool.pointer
            await withTaskGroup(of: Bool.self) { group in
                for caller in 0..<2 {
                    group.addTask {
                        let tally = Tally(chunks: 5 + caller)
                        for _ in 0..<3000 {
                            tally.reset()
                            annie_pool_run(pointer, tally.chunks, count, tally.context)
                            if !tally.allOnce { return false }
                        }
                        return true
                    }
                }
                for await correct in group { #expect(correct) }
            }
        }

        @Test func aRunInsideATaskIsDoneByThatThread() {
            let pool = Pool(threads: 2)
            let inner = Tally(chunks: 4 * 8, pool: pool.pointer)
            annie_pool_run(
                pool.pointer, 4,
                { context, outer in
                    let tally = Tally.of(context)
                    var offset = (tally.counts + outer * 8)
                    withUnsafeMutablePointer(to: &offset) {
                        annie_pool_run(
                            tally.pool, 8,
                            { $0!.assumingMemoryBound(to: UnsafeMutablePointer<Int32>.self).pointee[$1] += 1 }, $0)
                    }
                }, inner.context)
            #expect(inner.allOnce)
        }

        @Test func parkedWorkersWakeAgain() {
            let pool = Pool(threads: 2)
            let tally = Tally(chunks: 40)
            for _ in 0..<5 {
                usleep(2000)  // far longer than a worker spins
                tally.reset()
                annie_pool_run(pool.pointer, 40, count, tally.context)
                #expect(tally.allOnce)
            }
        }

        @Test func poolsComeAndGo() {
            for threads in 1...40 { _ = Pool(threads: Int32(threads % 5 + 1)) }
            #expect(annie_pool_create(0) == nil)
            annie_pool_destroy(nil)
        }
    }
}
