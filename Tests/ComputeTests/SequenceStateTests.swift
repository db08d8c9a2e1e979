import Compute
import Testing

@Suite struct SequenceStateTests {
    private static let layout = StateLayout(
        attention: [.init(kvHeads: 2, headDim: 16), .init(kvHeads: 2, headDim: 16)], format: .bfloat16)

    @Test func pagesAreTakenAsTheSequenceGrows() {
        let pool = PagePool(layout: Self.layout, byteLimit: Self.layout.pageBytes * 4)
        let state = SequenceState(pool: pool)
        #expect(state.reserve(64))
        state.advance(by: 64)
        #expect(pool.used == 1)
        #expect(state.reserve(1))
        #expect(pool.used == 2)
    }

    @Test func memoryIsMadeReadyAheadUpToAReserveAndStaysUsable() {
        let pool = PagePool(layout: Self.layout, byteLimit: 1 << 30)
        var pieces = 0
        while pool.prepareMore(), pieces < 1000 { pieces += 1 }
        // Two stretches of 16 pieces of 2 MiB, each begun by a call of its own.
        #expect(pieces == 34)
        #expect(pool.used == 0)
        let state = SequenceState(pool: pool)
        #expect(state.reserve(64))
        #expect(pool.used == 1)
    }

    @Test func pagesComeBackWhenTheLastSequenceThatSharesThemIsGone() {
        let pool = PagePool(layout: Self.layout, byteLimit: Self.layout.pageBytes * 8)
        var first: SequenceState? = SequenceState(pool: pool)
        #expect(first?.reserve(200) == true)
        first?.advance(by: 200)
        let fork = first?.fork(at: 130)
        #expect(pool.used == 4)
        first = nil
        #expect(pool.used == 3)
        #expect(fork?.length == 130)
    }

    @Test func reservingBeyondTheLimitFailsAndLeavesTheSequenceUsable() {
        let pool = PagePool(layout: Self.layout, byteLimit: Self.layout.pageBytes * 2)
        let state = SequenceState(pool: pool)
        #expect(!state.reserve(129))
        #expect(state.reserve(128))
        #expect(pool.available == 0)
    }

    @Test func aSharedLastPageIsCountedAsNeededBecauseItIsCopied() {
        let pool = PagePool(layout: Self.layout, byteLimit: Self.layout.pageBytes * 8)
        let state = SequenceState(pool: pool)
        #expect(state.reserve(70))
        state.advance(by: 70)
        let fork = state.fork(at: 70)
        #expect(fork.pagesNeeded(for: 1) == 1)
        #expect(fork.reserve(1))
        #expect(fork.pagesNeeded(for: 1) == 0)
        #expect(pool.used == 3)
    }

    @Test func aSnapshotStaysWhatItWasWhoeverGoesOnFromIt() {
        let layout = StateLayout(attention: [], recurrent: [4], format: .float32)
        let pool = PagePool(layout: layout, byteLimit: 1 << 20)
        let state = SequenceState(pool: pool)
        state.recurrentState(layer: 0)[2] = 5
        let snapshot = state.snapshot()
        let forks = (0..<2).map { _ in state.fork(at: 0, recurrent: snapshot) }
        forks[0].recurrentState(layer: 0)[2] = 6
        #expect(forks[1].recurrentState(layer: 0)[2] == 5)
        forks[0].advance(by: 1)
        forks[0].rollBack(to: 0, recurrent: snapshot)
        #expect(forks[0].recurrentState(layer: 0)[2] == 5)
        // New sequences begin with zeros, whatever freed memory held.
        #expect(SequenceState(pool: pool).recurrentState(layer: 0).allSatisfy { $0 == 0 })
    }

    @Test func recurrentStateIsCopiedWithAFork() {
        let layout = StateLayout(attention: [], recurrent: [4, 2], format: .float32)
        let pool = PagePool(layout: layout, byteLimit: 1 << 20)
        let state = SequenceState(pool: pool)
        state.recurrentState(layer: 1)[0] = 7
        state.advance(by: 10)
        let fork = state.fork(at: 10)
        state.recurrentState(layer: 1)[0] = 8
        #expect(fork.recurrentState(layer: 1)[0] == 7)
        #expect(fork.recurrentState(layer: 0).count == 4)
        #expect(!layout.isTokenGranular)
    }
}
