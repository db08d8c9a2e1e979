import JSON
import Testing
import TrainingData

@Suite("Statistics of a dataset")
struct StatisticsTests {
    static func conversation(_ question: String, _ answer: String, line: Int = 1, system: String = "S")
        -> TrainingConversation
    {
        TrainingConversation(
            messages: [
                TrainingMessage(.system, system), TrainingMessage(.user, question), TrainingMessage(.assistant, answer),
            ], line: line)
    }

    @Test("count messages, turns, calls and tokens")
    func counts() throws {
        var statistics = DatasetStatistics()
        let encoder = try Fixtures.encoder("smollm2", tokenizer: "smollm2")
        let document = try encoder.encode(MaskTests.twoTurns)
        statistics.add(MaskTests.twoTurns, document)
        statistics.add(try MaskTests.called)
        #expect(statistics.conversations == 2)
        #expect(statistics.turns == [1: 1, 2: 1])
        #expect(statistics.messages == ["system": 1, "user": 3, "assistant": 4, "tool": 1])
        #expect(statistics.calls == ["search": 1])
        #expect(statistics.turnsWithoutCall == 2)
        #expect(statistics.tokens == document[0].tokens.count)
        #expect(statistics.targets == document[0].targetCount)
        #expect(statistics.json["learned_tokens"]?.integer == statistics.targets)
    }

    @Test("tell how varied replies are")
    func measuresVariety() {
        var variety = Variety()
        variety.add(Self.conversation("One?", "It is the very same long answer."))
        variety.add(Self.conversation("Two?", "It is the very same long answer!"))
        variety.add(Self.conversation("Two.", "Quite another one."))
        #expect(variety.repliesAndDistinct == (3, 2))
        #expect(variety.questionsAndDistinct == (3, 2))
        #expect(variety.distinctOpenings == 2)
        #expect(variety.repeatedPhraseShare == 1)
        #expect(variety.replyWords.median == 7)
    }

    @Test("duplicates are found whatever the prompt, and near ones by what they share")
    func findsDuplicates() {
        var finder = DuplicateFinder()
        let long =
            "The quick brown fox jumps over the lazy dog while seven wizards brew a dark potion under the pale moon tonight"
        #expect(
            finder.add(Self.conversation(long, "Yes, all of that is true and it will be so for ever.", line: 1)) == nil)
        #expect(finder.add(Self.conversation("Something else", "Entirely different words here.", line: 2)) == nil)
        #expect(
            finder.add(
                Self.conversation(long, "Yes, all of that is true and it will be so for ever!", line: 3, system: "T"))
                == .exact(line: 1))
        guard
            case .near(1, let share)? = finder.add(
                Self.conversation(long, "Yes, all of that is true and it will be so for long.", line: 4))
        else {
            Issue.record("the near-duplicate was not found")
            return
        }
        #expect(share >= 0.8 && share < 1)
    }
}
