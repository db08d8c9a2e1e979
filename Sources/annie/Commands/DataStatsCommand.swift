import ArgumentParser
import Foundation
import JSON
import TrainingData

/// `annie data stats`: what a dataset holds.
struct DataStatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Count conversations, turns, calls and tokens, and say how varied they are.")

    @Argument(help: "A JSONL file.") var file: String
    @Flag(help: "As JSON, for machines.") var json = false
    @Option(help: "The tokens of a batch, to say what sharing its common beginning saves.") var batch = 4096
    @OptionGroup var encoding: DataEncodingArguments

    func run() async throws {
        guard batch > 0 else { throw ValidationError("--batch must be a positive number.") }
        let encoder = try await encoding.encoder()
        var reader = try ConversationFile(path: file, policy: .skip { note("\($0)") })
        var statistics = DatasetStatistics()
        var documents: [EncodedConversation] = []
        while let conversation = try reader.next() {
            do throws(SampleProblem) {
                let encoded = try encoder?.encode(conversation) ?? []
                statistics.add(conversation, encoded)
                documents += encoded
            } catch { note("\(error)") }
        }
        let batches = documents.isEmpty ? [] : BatchPlanner(tokenBudget: batch).batches(documents, seed: 0)
        let computed = batches.reduce(0) { $0 + $1.tokenCount }
        if json {
            var object = statistics.json.object ?? JSONObject()
            if !batches.isEmpty {
                object["batches"] = .integer(batches.count)
                object["computed_tokens"] = .integer(computed)
            }
            print(JSONValue.object(object).text(.pretty))
        } else {
            print(statistics.terminalText)
            guard !batches.isEmpty else { return }
            let times = String(format: "%.1f", Double(statistics.tokens) / Double(max(1, computed)))
            print(
                "\nIn batches of \(batch) tokens: \(batches.count) batches, \(computed) tokens computed, \(times) times fewer"
            )
        }
    }
}

extension DatasetStatistics {
    var terminalText: String {
        var table = TextTable(("WHAT", .left), ("HOW MANY", .right))
        table.add("conversations", "\(conversations)")
        table.add("system prompts", "\(systemPrompts)")
        for (role, count) in messages.sorted(by: { $0.key < $1.key }) { table.add("\(role) messages", "\(count)") }
        for (name, count) in categories.sorted(by: { $0.key < $1.key }) { table.add("category \(name)", "\(count)") }
        for (turns, count) in turns.sorted(by: { $0.key < $1.key }) {
            table.add("with \(turns) user turn\(turns == 1 ? "" : "s")", "\(count)")
        }
        for (name, count) in calls.sorted(by: { $0.value > $1.value }) { table.add("calls of \(name)", "\(count)") }
        table.add("user turns without a call", "\(turnsWithoutCall)")
        let replies = variety.repliesAndDistinct, questions = variety.questionsAndDistinct
        table.add("spoken replies, and different ones", "\(replies.0), \(replies.1)")
        table.add("user messages, and different ones", "\(questions.0), \(questions.1)")
        table.add("different first three words", "\(variety.distinctOpenings)")
        table.add("five-word runs said more than once", String(format: "%.0f%%", variety.repeatedPhraseShare * 100))
        table.add("words of a reply, median and 95%", "\(variety.replyWords.median), \(variety.replyWords.high)")
        if documents > 0 {
            table.add("documents", "\(documents)")
            table.add("tokens", "\(tokens)")
            table.add("learned tokens", "\(targets) (\(100 * targets / max(1, tokens))%)")
            table.add("tokens over an edge", "\(straddling)")
            for (length, count) in lengths.sorted(by: { $0.key < $1.key }) {
                table.add("documents up to \(length) tokens", "\(count)")
            }
            table.add("longest document", "\(longest)")
        }
        return table.text
    }
}
