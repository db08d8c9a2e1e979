import Companion
import DataGeneration
import Foundation
import JSON
import Testing
import TrainingData

@Suite("The data generator")
struct GeneratorTests {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("the same seed gives the same conversations, another different ones")
    func isDeterministic() async {
        let first = await DatasetGenerator(seed: 7).conversations(60)
        let again = await DatasetGenerator(seed: 7).conversations(60)
        let other = await DatasetGenerator(seed: 8).conversations(60)
        #expect(first == again)
        #expect(first != other)
    }

    @Test("the shipped dataset and its frames are what seed 1 gives")
    func shippedIsCurrent() async throws {
        let text = await DatasetGenerator(seed: 1).conversations(1000).map { $0.json.text() + "\n" }.joined()
        let shipped = try String(contentsOf: Self.repository.appending(path: "Data/annie-1000.jsonl"), encoding: .utf8)
        #expect(text == shipped, "write it anew with `annie data generate -o Data/annie-1000.jsonl`")
        let frames = try String(contentsOf: Self.repository.appending(path: "Data/frames.txt"), encoding: .utf8)
        #expect(
            DatasetGenerator.frames.map { $0 + "\n" }.joined() == frames,
            "write them anew with `annie data generate --frames -o Data/frames.txt`")
    }

    @Test("categories have their shares, and every conversation is one that can be learned from")
    func keepsShares() async throws {
        let conversations = await DatasetGenerator(seed: 3).conversations(300)
        #expect(conversations.count == 300)
        for category in Category.allCases {
            #expect(conversations.count { $0.category == category.rawValue } == category.share * 300 / 1000)
        }
        for conversation in conversations {
            _ = try conversation.validated()
            #expect(try ConversationFile.conversation(conversation.json.text().utf8, line: 0) == conversation)
            #expect(ReplyRules.problems(of: conversation) == [])
        }
    }

    @Test("prompts are those of the project, with tools and without, and hardly two the same")
    func usesTheOnePrompt() async throws {
        let conversations = await DatasetGenerator(seed: 4).conversations(200)
        let definitions = BuiltinTools.names
        for conversation in conversations {
            let prompt = conversation.messages[0].content
            let blank = SystemPrompt.assemble(persona: .annie, profile: Profile(), tools: [])
            #expect(prompt.hasPrefix(String(blank.prefix(300))))
            #expect(prompt.contains("How you use your tools:") == !conversation.tools.isEmpty)
            let names = conversation.tools.compactMap { $0["function"]?["name"]?.string }
            #expect(names.isEmpty || names == definitions)
        }
        #expect(Set(conversations.map { $0.messages[0].content }).count > 180)
        #expect(conversations.contains { $0.tools.isEmpty })
    }

    @Test("all tools are called with arguments they take, and most turns call none")
    func callsTools() async throws {
        let conversations = await DatasetGenerator(seed: 5).conversations(400)
        var statistics = DatasetStatistics()
        for conversation in conversations {
            statistics.add(conversation)
            for message in conversation.messages {
                for call in message.toolCalls {
                    let tool = try #require(conversation.tools.first { $0["function"]?["name"]?.string == call.name })
                    let schema = tool["function"]?["parameters"]
                    let known = schema?["properties"]?.object?.keys ?? []
                    #expect(call.arguments.keys.allSatisfy(known.contains))
                    for name in schema?["required"]?.array ?? [] {
                        #expect(call.arguments[name.string ?? ""]?.string?.isEmpty == false)
                    }
                }
            }
        }
        #expect(Set(statistics.calls.keys) == Set(BuiltinTools.names))
        let turns = statistics.messages["user"] ?? 0
        #expect(Double(statistics.turnsWithoutCall) / Double(turns) > 0.55)
    }

    @Test("a remembered fact that is asked for is answered from the result, or owned up to")
    func isHonest() async {
        let conversations = await DatasetGenerator(seed: 6).conversations(400)
        var missing = 0
        for conversation in conversations {
            for (index, message) in conversation.messages.enumerated() where message.role == .tool {
                guard message.content.contains("I don't remember anything about that.") else { continue }
                missing += 1
                #expect(
                    conversation.messages[index + 1].content.contains("I don't remember")
                        || conversation.messages[index + 1].content.contains("no memory"))
            }
        }
        #expect(missing > 10)
    }

    @Test(
        "replies that break the rules are found",
        arguments: [
            "One. Two. Three.", "Do you like it?", "It is **bold**.", "See https://a.example.", "Nice 😀.",
            "Let me know.", "no full stop", "a\nb.",
        ])
    func findsBrokenRules(reply: String) {
        let conversation = TrainingConversation(messages: [
            TrainingMessage(.user, "Hi"), TrainingMessage(.assistant, reply),
        ])
        #expect(!ReplyRules.problems(of: conversation).isEmpty)
    }
}
