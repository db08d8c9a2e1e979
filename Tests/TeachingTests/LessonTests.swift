import Teaching
import Testing
import Training
import TrainingData

@Suite struct LessonTests {
    private func conversations(_ counts: [String: Int]) -> [TrainingConversation] {
        counts.sorted { $0.key < $1.key }.flatMap { category, count in
            (0..<count).map {
                TrainingConversation(messages: [TrainingMessage(.user, "\(category) \($0)")], category: category)
            }
        }
    }

    @Test func aDrawKeepsTheShareOfEveryCategory() {
        let all = conversations(["a": 100, "b": 50, "c": 10])
        let drawn = EvenDraw.draw(32, of: all, seed: 3)
        let counts = Dictionary(grouping: drawn) { $0.category ?? "" }.mapValues(\.count)
        #expect(counts == ["a": 20, "b": 10, "c": 2])
        #expect(drawn == EvenDraw.draw(32, of: all, seed: 3))
        #expect(drawn != EvenDraw.draw(32, of: all, seed: 4))
        #expect(EvenDraw.draw(500, of: all, seed: 3) == all)
    }

    @Test func aLargerDrawHoldsTheSmallerOne() {
        let all = conversations(["a": 60, "b": 30])
        let texts = EvenDraw.draw(60, of: all, seed: 1).map { $0.messages[0].content }
        #expect(EvenDraw.draw(20, of: all, seed: 1).allSatisfy { texts.contains($0.messages[0].content) })
    }

    @Test func aProblemOfSeveralFilesNamesItsFile() throws {
        let tiny = try TinyLessons()
        let other = tiny.folder.appending(path: "other.jsonl")
        try "{}\n".write(to: other, atomically: true, encoding: .utf8)
        var recipe = tiny.recipe
        recipe.data.append(other.path)
        let several = try Lessons(recipe: recipe, directory: tiny.model).problems
        #expect(several.map(\.file) == [other.path] && "\(several)".contains("1 of \(other.path): "))
    }

    private let batch = PackedBatch(
        segments: [
            .init(tokens: [1, 2, 3], lossMask: [false, false, false]),
            .init(tokens: [4, 5], lossMask: [false, true], parent: 0),
            .init(tokens: [6, 7, 8], lossMask: [false, true, false], parent: 0),
        ], documents: [1, 2])

    @Test func onlyTheAssistantIsLearned() {
        #expect(TrainingBatch(batch).segments.map(\.lossWeights) == [[0, 0, 0], [0, 1], [0, 1, 0]])
    }

    @Test func everyTokenIsLearnedAsOftenAsConversationsHaveIt() {
        let weights = TrainingBatch(batch, loss: .allTokens).segments.map(\.lossWeights)
        #expect(weights == [[0, 2, 2], [0, 1], [0, 1, 1]])
    }
}
