import Companion
import DataGeneration
import Foundation
import Inference
import JSON
import Testing
import Tokenization
import TrainingData

@Suite("Annie's own chat template")
struct AnnieTemplateTests {
    static func template() throws -> ChatTemplate {
        let file = GeneratorTests.repository.appending(path: "Personas/annie/chat_template.jinja")
        return try ChatTemplate(source: String(contentsOf: file, encoding: .utf8))
    }

    static let tools: [JSONValue] = [
        [
            "type": "function",
            "function": [
                "name": "find", "description": "Find it.",
                "parameters": [
                    "type": "object",
                    "properties": [
                        "what": ["type": "string", "description": "A word"], "limit": ["type": "integer"],
                        "order": ["type": "string", "enum": ["up", "down"]],
                    ], "required": ["what"],
                ],
            ],
        ]
    ]

    @Test("prints tools before the system prompt, calls in Hermes' form, and results as a role of their own")
    func rendersAll() throws {
        let call: JSONValue = [
            "id": "1", "type": "function", "function": ["name": "find", "arguments": ["what": "a \"b\"", "limit": 2]],
        ]
        let text = try Self.template().render(
            messages: [
                ["role": "system", "content": "You are Annie."], ["role": "user", "content": "Find it."],
                ["role": "assistant", "content": "", "tool_calls": [call, call]],
                ["role": "tool", "content": "x", "tool_call_id": "1"],
            ], tools: Self.tools)
        let line = #"{"name": "find", "arguments": {"what": "a \"b\"", "limit": 2}}"#
        #expect(
            text == """
                <|im_start|>system
                Your tools, with what they take (? means it may be left out):
                - find(what, limit?: integer, order?: up or down) Find it. what: A word.
                To use one, write nothing but this, with its name and what it takes:
                <tool_call>
                {"name": "", "arguments": {}}
                </tool_call>

                You are Annie.<|im_end|>
                <|im_start|>user
                Find it.<|im_end|>
                <|im_start|>assistant
                <tool_call>
                \(line)
                </tool_call>
                <tool_call>
                \(line)
                </tool_call><|im_end|>
                <|im_start|>tool
                x<|im_end|>
                <|im_start|>assistant

                """)
    }

    @Test("without tools or system prompt it is plain ChatML")
    func rendersPlainly() throws {
        let template = try Self.template()
        let user: JSONValue = ["role": "user", "content": [["type": "text", "text": "Hi"]]]
        #expect(
            try template.render(messages: [user])
                == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
        #expect(
            try template.render(
                messages: [["role": "system", "content": "S"], user], tools: [], addsGenerationPrompt: false)
                == "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n")
    }

    @Test("a tool of someone else's with odd or no parameters is printed all the same")
    func rendersOddTools() throws {
        let tools: [JSONValue] = [
            ["type": "function", "function": ["name": "a"]],
            ["type": "function", "function": ["name": "b", "parameters": ["type": "object"]]],
            [
                "name": "c", "description": "Bare.",
                "parameters": ["properties": ["x": ["type": ["string", "null"]], "y": [:]]],
            ],
        ]
        let text = try Self.template().render(messages: [["role": "user", "content": "Hi"]], tools: tools)
        #expect(text.contains("- a() \n- b() \n- c(x?, y?) Bare.\n"))
    }

    @Test("what it teaches is what the Hermes parser reads")
    func agreesWithParser() async throws {
        let encoder = ConversationEncoder(
            tokenizer: try Self.tokenizer(), template: try Self.template(), options: .init())
        var calls = 0
        for conversation in await DatasetGenerator(seed: 11).conversations(120) {
            let document = try #require(try encoder.encode(conversation).first)
            var replies: [[Int32]] = []
            for index in document.tokens.indices where document.lossMask[index] {
                if !document.lossMask[index - 1] { replies.append([]) }
                replies[replies.count - 1].append(document.tokens[index])
            }
            let assistant = conversation.messages.filter { $0.role == .assistant }
            #expect(replies.count == assistant.count)
            for (reply, message) in zip(replies, assistant) {
                let text = encoder.tokenizer.decode(reply.dropLast())
                let parsed = ReplyParser.parse(text, with: ReplyParser(tools: ToolCallFormat.hermes.makeParser()))
                #expect(parsed.content ?? "" == message.content)
                #expect(parsed.toolCalls.map(\.name) == message.toolCalls.map(\.name))
                #expect(
                    parsed.toolCalls.map(\.arguments)
                        == message.toolCalls.map { JSONValue.object($0.arguments).text(.python) })
                calls += parsed.toolCalls.count
            }
        }
        #expect(calls > 30)
    }

    @Test("every conversation is one document, and no token reaches over an edge")
    func keepsConversationsWhole() async throws {
        let encoder = ConversationEncoder(tokenizer: try Self.tokenizer(), template: try Self.template())
        let documents = try await DatasetGenerator(seed: 12).conversations(100).flatMap { try encoder.encode($0) }
        #expect(documents.count == 100)
        #expect(documents.allSatisfy { $0.straddlingTokens == 0 && $0.targetCount > 0 })
        let batches = BatchPlanner(tokenBudget: 100_000, window: 100).batches(documents, seed: 0)
        #expect(batches.reduce(0) { $0 + $1.tokenCount } * 5 < documents.reduce(0) { $0 + $1.tokens.count } * 2)
    }

    private static func tokenizer() throws -> Tokenizer {
        let file = GeneratorTests.repository.appending(path: "Tests/Fixtures/tokenizer/smollm2-trimmed.json")
        return try Tokenizer(
            tokenizerJSON: try JSONValue(parsing: Data(contentsOf: file)),
            configuration: ["eos_token": "<|im_end|>", "bos_token": "<|im_start|>"])
    }
}
