import Inference
import JSON
import Testing

@Suite("A random reply")
struct ParsingFuzzTests {
    private static let words = [
        "<think>", "</think>", "<tool_call>", "</tool_call>", "<function=get_weather>", "<function=ping>",
        "</function>",
        "<parameter=city>", "<parameter=days>", "</parameter>", "<parameter=", "<function=", "{\"name\": \"f\"",
        ", \"arguments\": {", "\"a\": 1", "\"}\"", "}", "}}", "{", "[", "]", ",", "\"", "\\", "\\\"", "\n", " ", "a",
        "<", ">",
        "</", "<t", "ಕ", "🎉", "e\u{301}", "3", "null", "True", "\u{0}",
        "{\"name\": \"g\", \"arguments\": {\"x\": \"}\"}}",
    ]

    private static func parsers() throws -> [ReplyParser] {
        let tools = ParsingFixtures.tools
        let formats: [any ToolCallParser] = [
            ToolCallFormat.hermes.makeParser(), ToolCallFormat.qwen3Coder.makeParser(tools: tools),
            ConstrainedToolCallParser.named("f"), ConstrainedToolCallParser.required,
        ]
        let thinking = try ReasoningParser(named: "qwen3", prompt: "<think>\n")
        let answering = try ReasoningParser(named: "qwen3", prompt: "")
        return formats.flatMap { format in
            [nil, thinking, answering].map { reasoning in
                ReplyParser(reasoning: reasoning, tools: format, makeIdentifier: { "id" })
            }
        }
    }

    @Test("is parsed the same however it is cut, and never to something broken", arguments: 0..<6)
    func anySplit(seed: UInt64) throws {
        var generator = ParsingSplits.Generator(state: seed &+ 99)
        let parsers = try Self.parsers()
        for round in 0..<120 {
            var text = ""
            for _ in 0..<Int.random(in: 1...24, using: &generator) {
                text += Self.words.randomElement(using: &generator) ?? ""
            }
            let splits = ParsingSplits.all(of: text, seed: UInt64(round), randomCount: 4)
            let sample = splits.prefix(2) + splits.suffix(4)
            for parser in parsers {
                let truncated = Bool.random(using: &generator)
                let whole = ReplyParser.parse(text, with: parser, truncated: truncated)
                for pieces in sample {
                    let deltas = ParsingSplits.deltas(of: pieces, with: parser, truncated: truncated)
                    #expect(ParsedReply(deltas) == whole, "\(pieces)")
                    #expect(ParsingGoldenTests.isWellFormed(deltas), "\(pieces)")
                }
            }
        }
    }

    @Test("without tags is passed on character by character")
    func plainText() {
        let text = "Plain ಬೆಂಗಳೂರು 🎉 text."
        var parser = ReplyParser(tools: ToolCallFormat.hermes.makeParser())
        for scalar in text.unicodeScalars {
            let piece = String(Character(scalar))
            #expect(parser.append(piece) == [.content(piece)])
        }
    }

    @Test("with a very long call is read in a time that grows with its length")
    func longCall() throws {
        let value = String(repeating: "line of code\\n", count: 20_000)
        let text = "<tool_call>{\"name\": \"write\", \"arguments\": {\"text\": \"\(value)\"}}</tool_call>"
        var parser = ReplyParser(tools: ToolCallFormat.hermes.makeParser())
        var reply = ParsedReply([])
        var rest = text[...]
        while !rest.isEmpty {
            for delta in parser.append(String(rest.prefix(4))) { reply.append(delta) }
            rest = rest.dropFirst(4)
        }
        let arguments = try JSONValue(parsing: try #require(reply.toolCalls.first).arguments)
        #expect(arguments["text"]?.string?.utf8.count == 20_000 * 13)
    }
}
