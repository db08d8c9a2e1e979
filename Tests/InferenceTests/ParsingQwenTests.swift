import Inference
import JSON
import Testing

@Suite("A call written in Qwen's tags")
struct ParsingQwenTests {
    /// The value that a parameter's text gets under a schema.
    private static func value(_ text: String, _ schema: JSONValue?) throws -> JSONValue? {
        let properties: JSONValue = schema.map { ["x": $0] } ?? [:]
        let tool: JSONValue = ["function": ["name": "f", "parameters": ["properties": properties]]]
        let call = "<tool_call>\n<function=f>\n<parameter=x>\n\(text)\n</parameter>\n</function>\n</tool_call>"
        let reply = ReplyParser.parse(
            call, with: ReplyParser(tools: ToolCallFormat.qwen3Coder.makeParser(tools: [tool])))
        return try JSONValue(parsing: try #require(reply.toolCalls.first).arguments)["x"]
    }

    @Test(
        "gets values of the types that its tool declares",
        arguments: [
            ("7", ["type": "integer"], 7), ("7.5", ["type": "integer"], "7.5"), ("1e3", ["type": "number"], 1000),
            ("nan", ["type": "number"], "nan"), ("0.5", ["type": "float"], 0.5), ("TRUE", ["type": "boolean"], true),
            ("null", ["type": "array"], nil), ("null", ["type": ["string", "null"]], nil),
            ("[1, {\"a\": null}]", ["type": "array"], [1, ["a": nil]]),
            ("('a', 1.5, True)", ["type": "list"], ["a", 1.5, true]), ("[1", ["type": "array"], "[1"),
            ("{'a': {'b': [None, 'it\\'s']}}", ["type": "object"], ["a": ["b": [nil, "it's"]]]),
            ("5", ["anyOf": [["type": "string"], ["type": "integer"]]], 5),
            ("five", ["anyOf": [["type": "string"], ["type": "integer"]]], "five"),
            ("yes", ["type": ["boolean", "string"]], "yes"), ("7", ["enum": ["7"]], "7"), ("7", [:], "7"),
            ("[7]", ["items": ["type": "integer"]], [7]), ("7", nil, "7"),
        ] as [(String, JSONValue?, JSONValue)])
    func types(text: String, schema: JSONValue?, expected: JSONValue) throws {
        #expect(try Self.value(text, schema) == expected)
    }

    @Test("may hold the text of other calls in a value")
    func nestedTags() throws {
        let inner = "use\n<tool_call>\n<function=g>\n</function> and </parameter> in it"
        #expect(try Self.value(inner, ["type": "string"]) == .string(inner))
    }

    private static func reply(_ text: String, truncated: Bool = false) -> ParsedReply {
        let parser = ReplyParser(tools: ToolCallFormat.qwen3XML.makeParser(), makeIdentifier: { "id" })
        return ReplyParser.parse(text, with: parser, truncated: truncated)
    }

    @Test(
        "that is broken or only talked about is text",
        arguments: [
            "<tool_call>", "<tool_call> f", "<function=", "<function=>", "<function=a b>",
            "the <function=f> tag is odd",
            "<tool_call>\n<function=f>\n<parameter=a>\nb", "<tool_call>\n<function=f>\n<parameter=a", "<parameter=a>b",
        ])
    func broken(text: String) {
        #expect(Self.reply(text) == ParsedReply([.content(text)]))
    }

    @Test("that the token limit cuts off is text, unless its function was closed")
    func truncated() {
        let open = "<tool_call>\n<function=f>\n<parameter=a>\nb\n</parameter>\n"
        #expect(Self.reply(open, truncated: true) == ParsedReply([.content(open)]))
        #expect(Self.reply(open, truncated: false).toolCalls.map(\.arguments) == ["{\"a\": \"b\"}"])
        #expect(Self.reply(open + "</function>", truncated: true).toolCalls.count == 1)
    }

    @Test("is certain when its function closes")
    func isImmediate() {
        var parser = ReplyParser(tools: ToolCallFormat.qwen3Coder.makeParser(), makeIdentifier: { "id" })
        #expect(parser.append("Hi.\n<tool_call>\n<function=f>\n") == [.content("Hi.\n")])
        #expect(
            parser.append("</function>") == [
                .toolCallStart(index: 0, id: "id", name: "f"), .toolCallArguments(index: 0, "{}"),
            ])
    }
}
