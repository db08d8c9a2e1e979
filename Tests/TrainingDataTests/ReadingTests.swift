import Foundation
import JSON
import Testing
import TrainingData

@Suite("Reading conversations")
struct ReadingTests {
    @Test("OpenAI's form keeps tools, calls, results and several turns")
    func readsOpenAIForm() throws {
        let conversation = try Fixtures.conversation(
            """
            {"tools":[\(searchTool)],"category":"found","messages":[{"role":"developer","content":"Be brief."},
            {"role":"user","content":[{"type":"text","text":"Look "},{"type":"text","text":"it up."}]},
            {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function",
            "function":{"name":"search","arguments":"{\\"query\\": \\"it\\"}"}}]},
            {"role":"tool","tool_call_id":"a","content":"Nothing."},
            {"role":"assistant","content":"There is nothing.","weight":0},
            {"role":"user","content":"Thanks."},{"role":"assistant","content":"Sure."}]}
            """)
        #expect(
            conversation.messages.map(\.role.rawValue) == [
                "system", "user", "assistant", "tool", "assistant", "user", "assistant",
            ])
        #expect(conversation.messages[1].content == "Look it up.")
        #expect(conversation.messages[2].toolCalls.first?.arguments["query"]?.string == "it")
        #expect(!conversation.messages[4].isLearned)
        #expect(conversation.tools.count == 1)
        #expect(conversation.category == "found")
    }

    @Test("what is written in OpenAI's form reads back the same")
    func roundTrips() throws {
        let call = TrainingToolCall(id: "1", name: "search", arguments: JSONObject([("query", "x")]))
        let conversation = TrainingConversation(
            messages: [
                TrainingMessage(.user, "Hi"), TrainingMessage(.assistant, "", toolCalls: [call]),
                TrainingMessage(.tool, "none", toolCallID: "1"), TrainingMessage(.assistant, "No.", isLearned: false),
                TrainingMessage(.user, "So?"), TrainingMessage(.assistant, "Yes.", reasoning: "Hm."),
            ], tools: [try JSONValue(parsing: searchTool)], category: "c", line: 1)
        #expect(try Fixtures.conversation(conversation.json.text()) == conversation)
    }

    @Test("ShareGPT's turns become messages, with calls and observations")
    func readsShareGPT() throws {
        let conversation = try Fixtures.conversation(
            """
            {"system":"Be brief.","tools":"[\(searchTool.replacing("\"", with: "\\\""))]","conversations":[
            {"from":"human","value":"Look."},{"from":"function_call","value":"{\\"name\\":\\"search\\",\\"arguments\\":{}}"},
            {"from":"observation","value":"x"},{"from":"gpt","value":"It is x."}]}
            """)
        #expect(conversation.messages.map(\.role.rawValue) == ["system", "user", "assistant", "tool", "assistant"])
        #expect(conversation.messages[2].toolCalls.first?.name == "search")
    }

    @Test(
        "plain pairs become a question and its answer",
        arguments: [
            #"{"prompt":"Hi","response":"Hello."}"#, #"{"prompt":"Hi","completion":"Hello."}"#,
            #"{"instruction":"Hi","input":"","output":"Hello."}"#, #"{"question":"Hi","answer":"Hello."}"#,
        ])
    func readsPairs(text: String) throws {
        let conversation = try Fixtures.conversation(text)
        #expect(conversation.messages.map(\.content) == ["Hi", "Hello."])
    }

    @Test("results of calls without ids, as TRL writes them, answer the calls in their order")
    func answersCallsWithoutIDs() throws {
        let call = #"{"type":"function","function":{"name":"search","arguments":{}}}"#
        let conversation = try Fixtures.conversation(
            """
            {"tools":[\(searchTool)],"messages":[{"role":"user","content":"Look twice."},
            {"role":"assistant","tool_calls":[\(call),\(call)]},{"role":"tool","name":"search","content":"x"},
            {"role":"tool","name":"search","content":"y"},{"role":"assistant","content":"x and y."}]}
            """)
        #expect(conversation.messages[2...3].map(\.toolCallID) == conversation.messages[1].toolCalls.map(\.id))
    }

    @Test("an instruction's input follows it")
    func joinsInput() throws {
        let conversation = try Fixtures.conversation(#"{"instruction":"Add.","input":"1 2","output":"3"}"#)
        #expect(conversation.messages[0].content == "Add.\n\n1 2")
    }
}

@Suite("Samples that cannot be used")
struct BadSampleTests {
    static let user = #"{"role":"user","content":"Hi"}"#
    static let reply = #"{"role":"assistant","content":"Hello."}"#
    static let call = #"{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"search","arguments":{}}}]}"#
    static func sample(_ messages: String..., tools: Bool = false) -> String {
        "{\(tools ? "\"tools\":[\(searchTool)]," : "")\"messages\":[\(messages.joined(separator: ","))]}"
    }

    static let cases: [(String, SampleProblem.Kind, String)] = [
        ("{\"messages\": [", .notJSON, "the text ends"),
        ("[]", .unknownForm, "must be a JSON object"),
        ("{\"text\":\"x\"}", .unknownForm, "the fields are text"),
        (sample(), .nothingToLearn, "no messages"),
        (sample(user), .nothingToLearn, "not the assistant's"),
        (sample(reply), .wrongRole, "no user message before it"),
        (sample(user, user, reply), .wrongRole, "second user message"),
        (sample(user, reply, reply), .wrongRole, "follows another one"),
        (sample(user, #"{"role":"system","content":"x"}"#, reply), .wrongRole, "only the first"),
        (sample(user, #"{"role":"robot","content":"x"}"#), .wrongRole, "'robot'"),
        (sample(user, #"{"content":"x"}"#), .wrongField, "role is missing"),
        (sample(user, #"{"role":"assistant","content":" "}"#), .wrongField, "says nothing"),
        (sample(user, #"{"role":"assistant","content":5}"#), .wrongField, "must be text"),
        (sample(user, call), .wrongToolCall, "no tools are declared"),
        (sample(user, call.replacing("search", with: "find"), tools: true), .wrongToolCall, "declared are search"),
        (sample(user, call.replacing("{}", with: "[1]"), tools: true), .wrongToolCall, "must be an object"),
        (sample(user, call.replacing("{}", with: "\"{oops\""), tools: true), .wrongToolCall, "JSON text of an object"),
        (sample(user, call, user, reply, tools: true), .unmatchedToolResult, "before the result of the call 'a'"),
        (sample(user, #"{"role":"tool","tool_call_id":"b","content":"x"}"#), .unmatchedToolResult, "'b'"),
        (
            sample(user, call, #"{"role":"tool","content":"x"}"#, tools: true), .unmatchedToolResult,
            "without tool_call_id"
        ),
        (sample(user, reply.replacing("}", with: #","weight":0}"#)), .nothingToLearn, "weight 0"),
        (#"{"conversations":[{"from":"martian","value":"x"}]}"#, .wrongRole, "'martian'"),
    ]

    @Test("are refused with the reason", arguments: cases)
    func refuses(text: String, kind: SampleProblem.Kind, words: String) throws {
        do {
            _ = try Fixtures.conversation(text, line: 7)
            Issue.record("\(text) was taken")
        } catch let problem as SampleProblem {
            #expect(problem.kind == kind, "\(problem)")
            #expect(problem.line == 7)
            #expect(problem.message.contains(words), "\(problem)")
        }
    }

    @Test("are skipped and reported by line, or end the reading")
    func skipsOrRefuses() throws {
        let good = Self.sample(Self.user, Self.reply)
        try Fixtures.file([good, "", "{broken", good + "\r", good]) { path in
            let seen = Recorder()
            var file = try ConversationFile(path: path, policy: .skip { seen.add($0) })
            var lines: [Int] = []
            while let conversation = try file.next() { lines.append(conversation.line) }
            #expect(lines == [1, 4, 5])
            #expect(seen.problems.map(\.line) == [3])
            var strict = try ConversationFile(path: path)
            #expect(try strict.next()?.line == 1)
            #expect(throws: DatasetError.self) { try strict.next() }
        }
    }

    @Test("a folder is no file of conversations, and is told so")
    func refusesFolders() {
        let folder = NSTemporaryDirectory()
        #expect(throws: DatasetError.unreadable(path: folder)) { try ConversationFile(path: folder) }
    }

    @Test("a hostile line gives an error and never more")
    func survivesNoise() throws {
        var random = SeededGenerator(seed: 5)
        let good = Array(
            Self.sample(
                Self.user, Self.call, #"{"role":"tool","tool_call_id":"a","content":"x"}"#, Self.reply, tools: true
            ).utf8)
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                guard !bytes.isEmpty else { break }
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes = Array(bytes[..<max(1, place)])
                }
            }
            _ = try? ConversationFile.conversation(bytes, line: 1)
        }
    }
}
