import Evaluation
import Foundation
import JSON
import Testing

/// The prompts are held out: neither their wording nor, beyond chance, their patterns may be in what is taught.
@Suite struct DisjointnessTests {
    private static let data = URL(filePath: ScenarioFileTests.folder).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data/annie-1000.jsonl")
    /// The generator's sentences with their open places, which no single draw holds all of.
    private static let frames = data.deletingLastPathComponent().appending(path: "frames.txt")
    private static let longest = 5
    private static let mostAlike = 0.7

    @Test(.enabled(if: FileManager.default.fileExists(atPath: data.path)))
    func noPromptIsInTheTrainingData() throws {
        let taught = try Self.taughtWords()
        let phrases = Set(taught.flatMap { Overlap.phrases($0, length: Self.longest) })
        let contents = Set(taught.map(Overlap.content)).filter { $0.count >= 2 }
        for scenario in try ScenarioSet(contentsOf: [ScenarioFileTests.folder]).scenarios {
            for turn in scenario.turns where turn.scriptedReply == nil {
                let words = Overlap.words(turn.user)
                let shared = Overlap.phrases(words, length: Self.longest).filter(phrases.contains)
                #expect(shared.isEmpty, "\(scenario.id) shares \"\(shared.first ?? "")\" with the training data")
                let content = Overlap.content(words)
                guard content.count >= 2 else { continue }
                let nearest = contents.first { Overlap.likeness($0, content) > Self.mostAlike }
                #expect(nearest == nil, "\(scenario.id) is nearly \(nearest?.sorted() ?? [])")
            }
        }
    }

    /// What users say in the data, without the notes in square brackets.
    private static func taughtWords() throws -> [[String]] {
        let open = (try? String(contentsOf: frames, encoding: .utf8)) ?? ""
        let parts = open.split(separator: "\n").flatMap { $0.split(separator: /\{[^}]*\}/) }
        return try parts.map { Overlap.words(String($0)) }
            + String(contentsOf: data, encoding: .utf8).split(separator: "\n").flatMap { line -> [[String]] in
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

    /// The words that carry meaning.
    static func content(_ words: [String]) -> Set<String> { Set(words.filter { !common.contains($0) }) }

    /// The share of words that two sets have in common.
    static func likeness(_ one: Set<String>, _ other: Set<String>) -> Double {
        Double(one.intersection(other).count) / Double(max(1, one.union(other).count))
    }

    private static let common = Set(
        """
        a about an and are as at be but can did do does for from had have he her his how i i'm if in is it just me my not
        of on or she so that the their them there they this to was we were what what's when where which who why will with
        you your
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    static func phrases(_ words: [String], length: Int) -> [String] {
        guard words.count >= length else { return [] }
        return (0...(words.count - length)).map { words[$0..<$0 + length].joined(separator: " ") }
    }
}
