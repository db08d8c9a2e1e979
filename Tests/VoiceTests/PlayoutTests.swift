import Locking
import Testing
import Voice

@Suite struct PlayoutTests {
    private static func playout() -> (Playout, Locked<[PlayoutEvent]>) {
        let events = Locked<[PlayoutEvent]>([])
        return (Playout { event in events.withLock { $0.append(event) } }, events)
    }

    private static func draw(_ playout: Playout, _ count: Int = 1) -> [Int16] {
        (0..<count).flatMap { _ in
            var frame = [Int16](repeating: 7, count: 480)
            _ = frame.withUnsafeMutableBufferPointer { playout.read(into: $0) }
            return frame
        }
    }

    private static func fill(_ playout: Playout, generation: Int, clause: Int, text: String, samples: Int) {
        playout.beginClause(clause, text: text, of: generation)
        _ = playout.append([Int16](repeating: 1000, count: samples), to: clause, of: generation)
        playout.endClause(clause, of: generation)
    }

    @Test func nothingIsHeardBeforeItsTurnStands() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        Self.fill(playout, generation: 1, clause: 1, text: "Hello.", samples: 960)
        #expect(Self.draw(playout).allSatisfy { $0 == 0 })
        playout.open(1)
        #expect(Self.draw(playout).allSatisfy { $0 == 1000 })
    }

    @Test func everySampleIsHeardOnceAndInOrder() {
        let (playout, events) = Self.playout()
        playout.begin(1)
        playout.open(1)
        playout.beginClause(5, text: "a", of: 1)
        for chunk in stride(from: 0, to: 1500, by: 300) {
            _ = playout.append((chunk..<chunk + 300).map { Int16($0) }, to: 5, of: 1)
        }
        playout.endClause(5, of: 1)
        #expect(Array(Self.draw(playout, 4).prefix(1500)) == (0..<1500).map { Int16($0) })
        #expect(
            events.withLock { $0 } == [.started(generation: 1, clause: 5), .played(generation: 1, clause: 5)])
    }

    @Test func afterAFlushAFadeOfTenMillisecondsIsAllThatLeaves() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        playout.open(1)
        Self.fill(playout, generation: 1, clause: 1, text: "A long sentence.", samples: 24_000)
        _ = Self.draw(playout, 3)
        _ = playout.flush()
        let rest = Self.draw(playout, 5)
        #expect(rest.prefix(240).first == 1000)
        #expect(zip(rest.prefix(240), rest.prefix(240).dropFirst()).allSatisfy { $0 >= $1 })
        #expect(rest.dropFirst(240).allSatisfy { $0 == 0 })
    }

    @Test func soundOfAnOlderGenerationIsRefused() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        playout.open(1)
        playout.beginClause(1, text: "old", of: 1)
        _ = playout.flush()
        #expect(!playout.append([9, 9], to: 1, of: 1))
        playout.begin(2)
        playout.open(2)
        #expect(!playout.append([9, 9], to: 1, of: 1))
        playout.beginClause(2, text: "old", of: 1)
        #expect(!playout.append([9, 9], to: 2, of: 1))
        #expect(Self.draw(playout).allSatisfy { $0 == 0 })
    }

    @Test func aGenerationThatWasFlushedCannotBeOpenedAgain() {
        let (playout, _) = Self.playout()
        playout.begin(3)
        _ = playout.flush()
        playout.open(3)
        playout.begin(3)
        playout.beginClause(1, text: "x", of: 3)
        #expect(!playout.append([1], to: 1, of: 3))
    }

    @Test func whatWasHeardIsCountedByClauseAndByWord() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        playout.open(1)
        Self.fill(playout, generation: 1, clause: 1, text: "First one.", samples: 480)
        Self.fill(playout, generation: 1, clause: 2, text: "one two six ten", samples: 4800)
        _ = Self.draw(playout, 6)
        #expect(playout.flush() == "First one. one two")
    }

    @Test func aClauseStillBeingMadeCountsByItsLikelyLength() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        playout.open(1)
        playout.beginClause(1, text: "twenty letters are it", of: 1)
        _ = playout.append([Int16](repeating: 5, count: 9600), to: 1, of: 1)
        _ = Self.draw(playout, 20)
        #expect(playout.flush() == "twenty")
    }

    @Test func pausingFadesAndKeepsThePlace() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        playout.open(1)
        Self.fill(playout, generation: 1, clause: 1, text: "A long sentence.", samples: 4800)
        _ = Self.draw(playout)
        playout.setPaused(true)
        let paused = Self.draw(playout, 4)
        #expect(paused.prefix(239).allSatisfy { $0 > 0 })
        #expect(paused.dropFirst(240).allSatisfy { $0 == 0 })
        playout.setPaused(false)
        let resumed = Self.draw(playout, 10)
        #expect(resumed.count { $0 != 0 } >= 4800 - 480 - 240 - 1)
        #expect(resumed[300] == 1000)
    }

    @Test func nothingLeaksFromAPauseThatCameFirst() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        playout.setPaused(true)
        playout.open(1)
        Self.fill(playout, generation: 1, clause: 1, text: "Hello.", samples: 4800)
        #expect(Self.draw(playout, 3).allSatisfy { $0 == 0 })
    }

    @Test func lateSoundIsSilenceAndCountedAsAGap() {
        let (playout, events) = Self.playout()
        playout.begin(1)
        playout.open(1)
        playout.beginClause(1, text: "Hello there.", of: 1)
        _ = playout.append([Int16](repeating: 1000, count: 480), to: 1, of: 1)
        _ = Self.draw(playout, 3)
        _ = playout.append([Int16](repeating: 1000, count: 480), to: 1, of: 1)
        playout.endClause(1, of: 1)
        let late = Self.draw(playout)
        #expect(late[0] < 100 && late[479] == 1000)
        #expect(events.withLock { $0 }.contains(.gap(generation: 1, seconds: 0.04)))
    }

    @Test func theWordsOfAFailedClauseThatWereNotHeardComeBack() {
        let (playout, _) = Self.playout()
        playout.begin(1)
        playout.open(1)
        playout.beginClause(1, text: "one two", of: 1)
        _ = playout.append([Int16](repeating: 5, count: 6000), to: 1, of: 1)
        _ = Self.draw(playout, 13)
        #expect(playout.abandonClause(1, of: 1) == "two")
        #expect(playout.flush() == "one")
    }

    @Test(arguments: [(0.0, ""), (0.3, ""), (0.5, "one"), (0.9, "one"), (1.0, "one two")])
    func halfAWordIsNotHeard(fraction: Double, heard: String) {
        #expect(HeardText.prefix(of: "one two", fraction: fraction) == heard)
    }
}
