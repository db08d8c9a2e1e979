import Evaluation
import Foundation
import JSON
import Testing

/// The prompts are held out: neither their wording nor, beyond chance, their patterns may be in what is taught.
@Suite struct DisjointnessTests {
    private static let data = URL(filePath: ScenarioFileTests.folder).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data/annie-1000.jsonl")
    private static let longest = 5

    @Test(.enabled(if: FileManager.default.fileExists(atPath: data.path)))
    func noPromptIsInTheTrainingData() throws {
        let taught = try Self.taughtWords()
        let phrases = Set(taught.flatMap { Overlap.phrases($0, length: Self.longest) })
        let whole = Set(taught.map { $0.joined(separator: " ") })
        for scenario in try ScenarioSet(contentsOf: [ScenarioFileTests.folder]).scenarios {
            for turn in scenario.turns where turn.scriptedReply == nil {
                let words = Overlap.words(turn.user)
                #expect(
                    words.count < 3 || !whole.contains(words.joined(separator: " ")), "\(scenario.id): \(turn.user)")
                let shared = Overlap.phrases(words, length: Self.longest).filter(phrases.contains)
                #expect(shared.isEmpty, "\(scenario.id) shares \"\(shared.first ?? "")\" with the training data")
            }
        }
    }

    /// What users say in the data, without the notes in square brackets.
    private static func taughtWords() throws -> [[String]] {
        try String(contentsOf: data, encoding: .utf8).split(separator: "\n").flatMap { line -> [[String]] in
            let messages = try JSONValue(parsing: String(line))["messages"]?.array ?? []
            return messages.filter { $0["role"]?.string == "user" }.compactMap { $0["content"]?.string }
                .map(Overlap.words)
        }
    }

    @Test func sharedPhrasesAreFoundWhateverTheCaseAndThePunctuation() {
        let taught = Overlap.phrases(Overlap.words("[Tuesday]\nWhat's the WEATHER like, in Oslo?"), length: 5)
        #expect(
            Overlap.phrases(Overlap.words("so what's the weather like in bergen"), length: 5).contains {
                taught.contains($0)
            })
        #expect(
            !Overlap.phrases(Overlap.words("how is the weather up in oslo"), length: 5).contains { taught.contains($0) }
        )
    }
}

enum Overlap {
    /// The words of a message, numbers alike, without its notes.
    static func words(_ text: String) -> [String] {
        let lines = text.split(separator: "\n").filter { !($0.hasPrefix("[") && $0.hasSuffix("]")) }
        return Words(lines.joined(separator: " ")).all.map { $0.allSatisfy(\.isNumber) ? "0" : $0 }
    }

    static func phrases(_ words: [String], length: Int) -> [String] {
        guard words.count >= length else { return [] }
        return (0...(words.count - length)).map { words[$0..<$0 + length].joined(separator: " ") }
    }
}
