import Inference
import JSON
import Testing

@Suite("A reply constrained to be tool calls")
struct ParsingConstrainedTests {
    private static func replies(
        _ text: String, _ tools: ConstrainedToolCallParser, truncated: Bool = false, parallel: Bool = true
    ) -> Set<String> {
        let parser = ReplyParser(tools: tools, allowsParallelToolCalls: parallel, makeIdentifier: { "id" })
        return Set(
            ParsingSplits.all(of: text).map { pieces in
                let deltas = ParsingSplits.deltas(of: pieces, with: parser, truncated: truncated)
                let reply = ParsedReply(deltas)
                guard ParsingGoldenTests.isWellFormed(deltas) else { return "not well-formed: \(deltas)" }
                let calls = reply.toolCalls.map { "\($0.name)\($0.arguments)" }.joined(separator: ";")
                return "\(reply.content ?? "-")|\(calls)"
            })
    }

    @Test("is a named tool's arguments")
    func named() {
        #expect(Self.replies("{\"a\": \"}\\\"\", \"b\": [1]}", .named("f")) == ["-|f{\"a\": \"}\\\"\", \"b\": [1]}"])
        #expect(Self.replies(" {} ", .named("f")) == ["-|f{}"])
    }

    @Test("is a list of calls when some call is required")
    func required() {
        let one = "{\"name\": \"f\", \"parameters\": {\"a\": 1}}"
        #expect(Self.replies("[\(one)]", .required) == ["-|f{\"a\": 1}"])
        #expect(Self.replies("[ \(one) ,\n{\"name\":\"g\",\"parameters\":{}}]\n", .required) == ["-|f{\"a\": 1};g{}"])
        #expect(Self.replies("[\(one),\(one)]", .required, parallel: false) == ["-|f{\"a\": 1}"])
        #expect(Self.replies(one, .required) == ["-|f{\"a\": 1}"])
    }

    @Test("keeps the calls that were complete when the token limit came")
    func truncated() {
        let call = "{\"name\": \"f\", \"parameters\": {}}"
        #expect(Self.replies("[\(call), {\"name\": \"g\", \"par", .required, truncated: true) == ["-|f{}"])
        #expect(Self.replies("[{\"name\": \"g\", \"par", .required, truncated: true) == ["[{\"name\": \"g\", \"par|"])
        #expect(Self.replies("{\"a\": 1", .named("f"), truncated: true) == ["{\"a\": 1|"])
    }

    @Test("is text when it is no call after all")
    func notACall() {
        #expect(Self.replies("hello", .named("f")) == ["hello|"])
        #expect(Self.replies("[1]", .required) == ["[1]|"])
        #expect(Self.replies("[]", .required) == ["[]|"])
        #expect(Self.replies("[{\"x\": 1}]", .required) == ["[{\"x\": 1}]|"])
    }

    @Test("may reason first")
    func reasonsFirst() throws {
        let parser = ReplyParser(
            reasoning: try ReasoningParser(named: "qwen3", prompt: "<think>\n"),
            tools: ConstrainedToolCallParser.named("f"),
            makeIdentifier: { "id" })
        for pieces in ParsingSplits.all(of: "hm {\"x\"}\n</think>\n\n{\"a\": 1}") {
            let reply = ParsedReply(ParsingSplits.deltas(of: pieces, with: parser, truncated: false))
            #expect(reply.reasoning == "hm {\"x\"}\n")
            #expect(reply.content == nil)
            #expect(reply.toolCalls.map(\.arguments) == ["{\"a\": 1}"])
        }
    }
}
