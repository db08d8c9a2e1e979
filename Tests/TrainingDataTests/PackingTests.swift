import Testing
import TrainingData

@Suite("Packing")
struct PackingTests {
    /// A document with so many targets at its end.
    static func document(_ tokens: [Int32], targets: Int = 2) -> EncodedConversation {
        EncodedConversation(
            tokens: tokens, lossMask: tokens.indices.map { $0 >= tokens.count - targets }, line: Int(tokens.last ?? 0))
    }

    /// Random documents that share beginnings on two levels.
    static func documents(_ count: Int, seed: UInt64) -> [EncodedConversation] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            let group = Int32(random.next(below: 3)), subgroup = Int32(random.next(below: 3))
            let head = (0..<40).map { $0 * 3 + group } + (0..<20).map { 1000 + $0 * 3 + subgroup }
            let tail = (0..<(2 + random.next(below: 30))).map { _ in Int32(random.next(below: 50)) }
            return document(head + tail + [Int32(9000 + index)], targets: 1 + random.next(below: tail.count))
        }
    }

    @Test("every document can be put together again, once", arguments: [0, 1, 2, 5])
    func keepsDocuments(levels: Int) {
        let documents = Self.documents(60, seed: 3)
        let batches = BatchPlanner(tokenBudget: 400, sharedLevels: levels, window: 16).batches(documents, seed: 1)
        let found = batches.flatMap { batch in batch.documents.indices.map { batch.document($0) } }
        let order = { (left: EncodedConversation, right: EncodedConversation) in left.tokens.last! < right.tokens.last!
        }
        #expect(found.map(\.tokens.last!).sorted() == documents.map(\.tokens.last!).sorted())
        for (found, original) in zip(found.sorted(by: order), documents.sorted(by: order)) {
            #expect(found.tokens == original.tokens && found.lossMask == original.lossMask)
        }
    }

    @Test("parents hold no targets, come first, and no segment begins with a target", arguments: [1, 2, 5])
    func keepsTargetsInside(levels: Int) {
        for seed in 0..<20 {
            let documents = Self.documents(30, seed: UInt64(seed))
            for batch in BatchPlanner(tokenBudget: 600, sharedLevels: levels, minimumSaving: 8).batches(
                documents, seed: 2)
            {
                let parents = Set(batch.segments.compactMap(\.parent))
                for (index, segment) in batch.segments.enumerated() {
                    #expect((segment.parent ?? -1) < index)
                    #expect(!segment.tokens.isEmpty && !segment.lossMask[0])
                    if parents.contains(index) { #expect(!segment.lossMask.contains(true)) }
                }
            }
        }
    }

    @Test("no batch exceeds its budget unless a document alone does")
    func keepsBudget() {
        let documents = Self.documents(80, seed: 9)
        for batch in BatchPlanner(tokenBudget: 250).batches(documents, seed: 4) {
            #expect(batch.tokenCount <= 250 || batch.documents.count == 1)
        }
    }

    @Test("a prefix that all share is computed once")
    func sharesOnce() {
        let head = (0..<100).map { Int32($0) }
        let documents = (0..<4).map { Self.document(head + [200 + Int32($0), 1, 2, 3]) }
        let batch = BatchPlanner(tokenBudget: 1000).batches(documents, seed: 0)[0]
        #expect(batch.segments.count == 5)
        #expect(batch.segments[0].tokens == head)
        #expect(batch.tokenCount == 100 + 4 * 4)
        #expect(batch.plainTokenCount == 4 * 104)
        #expect(batch.start(of: 1) == 100)
    }

    @Test("with one level, several groups each have their own parent")
    func choosesGroups() {
        let heads = [(0..<50).map { Int32($0) }, [0, 1] + (0..<50).map { Int32(500 + $0) }]
        let documents = heads.flatMap { head in (0..<3).map { Self.document(head + [900 + Int32($0), 1, 2, 3]) } }
        let batch = BatchPlanner(tokenBudget: 1000).batches(documents, seed: 0)[0]
        #expect(batch.tokenCount == 50 + 52 + 6 * 4)
        let deep = BatchPlanner(tokenBudget: 1000, sharedLevels: 2, minimumSaving: 2).batches(documents, seed: 0)[0]
        #expect(deep.tokenCount == 2 + 48 + 50 + 6 * 4)
    }

    @Test("identical documents keep a token each, and their targets")
    func keepsTwins() {
        let documents = [Self.document(Array(0..<60)), Self.document(Array(0..<60))]
        let batch = BatchPlanner(tokenBudget: 1000).batches(documents, seed: 0)[0]
        #expect(batch.segments[0].tokens.count == 57)
        #expect(batch.targetCount == 4)
    }

    @Test("the same seed gives the same epoch, another a different one")
    func isDeterministic() {
        let documents = Self.documents(50, seed: 1), planner = BatchPlanner(tokenBudget: 300)
        #expect(planner.batches(documents, seed: 7, epoch: 1) == planner.batches(documents, seed: 7, epoch: 1))
        #expect(planner.batches(documents, seed: 7, epoch: 1) != planner.batches(documents, seed: 7, epoch: 2))
        #expect(planner.batches(documents, seed: 7) != planner.batches(documents, seed: 8))
    }

    @Test("the generator is SplitMix64")
    func isSplitMix() {
        var random = SeededGenerator(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test("the held-out share is near what was asked, and the same for the same opening")
    func holdsOut() {
        let split = HeldOutSplit(fraction: 0.1)
        func conversation(_ text: String) -> TrainingConversation {
            TrainingConversation(messages: [TrainingMessage(.user, text), TrainingMessage(.assistant, "Yes.")])
        }
        let held = (0..<5000).count { split.holdsOut(conversation("Question \($0)?")) }
        #expect((400...600).contains(held))
        for number in 0..<50 {
            let timed = "[Monday, 2 March 2026, 10:00]\nquestion \(number)"
            #expect(split.holdsOut(conversation(timed)) == split.holdsOut(conversation("Question \(number)?")))
        }
        #expect((0..<500).allSatisfy { !HeldOutSplit(fraction: 0).holdsOut(conversation("\($0)")) })
    }
}
