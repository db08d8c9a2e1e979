import Inference
import JSON
import Testing

@Suite("A reply")
struct ParsingReplyTests {
    private static func hermes(prompt: String? = nil, parallel: Bool = true) throws -> ReplyParser {
        ReplyParser(
            reasoning: try prompt.map { try ReasoningParser(named: "qwen3", prompt: $0) },
            tools: ToolCallFormat.hermes.makeParser(), allowsParallelToolCalls: parallel, makeIdentifier: { "id" })
    }

    private static let ping = "<tool_call>\n{\"name\": \"ping\", \"arguments\": {}}\n</tool_call>"

    // MARK: Reasoning

    @Test(
        "starts inside the reasoning when the prompt ends in an open tag",
        arguments: [
            ("x<think>\n", true), ("x<think>", true), ("x<think>\n\n</think>\n\n", false), ("assistant\n", false),
            ("say <think>\nplease<|im_end|>\nassistant\n", false), ("", false),
        ])
    func promptDecides(prompt: String, isOpen: Bool) {
        #expect(ReasoningParser.endsInReasoning(prompt) == isOpen)
    }

    @Test("opens its reasoning itself when the prompt has not", arguments: ["", "\n", " \n "])
    func opensItself(space: String) throws {
        let parser = try Self.hermes(prompt: "assistant\n")
        for pieces in ParsingSplits.all(of: space + "<think>\nhm\n</think>\n\nYes.") {
            let reply = ParsedReply(ParsingSplits.deltas(of: pieces, with: parser, truncated: false))
            #expect(reply == ParsedReply([.reasoning("\nhm\n"), .content("\n\nYes.")]))
        }
    }

    @Test("does not show an opening tag that repeats the prompt's")
    func repeatedTag() throws {
        let reply = ReplyParser.parse("<think>hm</think>Yes", with: try Self.hermes(prompt: "<think>\n"))
        #expect(reply == ParsedReply([.reasoning("hm"), .content("Yes")]))
    }

    @Test("that never closes its reasoning is all reasoning, a partial tag included")
    func unclosed() throws {
        let parser = try Self.hermes(prompt: "<think>\n")
        for pieces in ParsingSplits.all(of: "a < b </thin") {
            let deltas = ParsingSplits.deltas(of: pieces, with: parser, truncated: true)
            #expect(ParsedReply(deltas) == ParsedReply([.reasoning("a < b </thin")]))
        }
    }

    @Test("without a reasoning parser keeps its tags as text")
    func noReasoningParser() {
        #expect(ReplyParser.parse("<think>a</think>b", with: ReplyParser()).content == "<think>a</think>b")
    }

    @Test("can call a tool from inside its reasoning")
    func callInReasoning() throws {
        let parser = try Self.hermes(prompt: "<think>\n")
        for pieces in ParsingSplits.all(of: "use <tool_call>? yes\n" + Self.ping + "</think>x") {
            let reply = ParsedReply(ParsingSplits.deltas(of: pieces, with: parser, truncated: false))
            #expect(reply.reasoning == "use <tool_call>? yes\n")
            #expect(reply.content == nil)
            #expect(reply.toolCalls.map(\.name) == ["ping"])
        }
    }

    @Test("only talks about a function inside its reasoning when there is no call tag")
    func functionInReasoning() throws {
        let parser = ReplyParser(
            reasoning: try ReasoningParser(named: "qwen3", prompt: "<think>\n"),
            tools: ToolCallFormat.qwen3Coder.makeParser(), makeIdentifier: { "id" })
        for pieces in ParsingSplits.all(of: "as <function=f>\n</function>\n</think>\n\nNo.") {
            let reply = ParsedReply(ParsingSplits.deltas(of: pieces, with: parser, truncated: false))
            #expect(reply == ParsedReply([.reasoning("as <function=f>\n</function>\n"), .content("\n\nNo.")]))
        }
    }

    // MARK: Streaming

    @Test("shows text at once, and holds back only what may become a tag")
    func textIsImmediate() throws {
        var parser = try Self.hermes()
        #expect(parser.append("Hello") == [.content("Hello")])
        #expect(parser.append(" a < b") == [.content(" a < b")])
        #expect(parser.append(" <tool") == [.content(" ")])
        #expect(parser.append("box>") == [.content("<toolbox>")])
        #expect(parser.append("<") == [])
        #expect(parser.finish(truncated: false) == [.content("<")])
        #expect(parser.finish(truncated: false) == [])
        #expect(parser.append("more") == [])
    }

    @Test("reports a call as soon as its object closes, before the closing tag")
    func callIsImmediate() throws {
        var parser = try Self.hermes()
        #expect(parser.append("<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1") == [])
        #expect(
            parser.append("}}") == [
                .toolCallStart(index: 0, id: "id", name: "f"), .toolCallArguments(index: 0, "{\"a\": 1}"),
            ])
        #expect(parser.toolCallCount == 1)
        #expect(parser.append("\n</tool_call> bye") == [])
        #expect(parser.finish(truncated: false) == [])
    }

    @Test("of white space and calls has no content")
    func onlyWhitespaceBeforeCall() throws {
        let reply = ReplyParser.parse("\n\n" + Self.ping, with: try Self.hermes())
        #expect(reply.content == nil)
        #expect(reply.toolCalls.count == 1)
        #expect(ReplyParser.parse("\n\n", with: try Self.hermes()).content == "\n\n")
    }

    @Test("keeps only the first call when parallel calls are off")
    func noParallelCalls() throws {
        let parser = try Self.hermes(parallel: false)
        #expect(ReplyParser.parse(Self.ping + Self.ping, with: parser).toolCalls.count == 1)
    }

    @Test("names each call differently")
    func identifiers() {
        let reply = ReplyParser.parse(
            Self.ping + Self.ping, with: ReplyParser(tools: ToolCallFormat.hermes.makeParser()))
        #expect(Set(reply.toolCalls.map(\.id)).count == 2)
        for call in reply.toolCalls {
            #expect(call.id.hasPrefix("chatcmpl-tool-"))
            #expect(call.id.dropFirst(14).count == 32)
            #expect(call.id.dropFirst(14).allSatisfy { $0.isHexDigit })
        }
    }

    // MARK: Malformed calls

    @Test(
        "with a malformed call is text",
        arguments: [
            "<tool_call>", "<tool_call>{}</tool_call>", "<tool_call>{\"name\": 3}</tool_call>",
            "<tool_call>{\"name\": \"\"}</tool_call>", "<tool_call>{\"name\": \"f\", \"arguments\": [1]}</tool_call>",
            "<tool_call>{\"name\": \"f\", \"arguments\": \"x\"}</tool_call>",
            "<tool_call>{'name': 'f'}</tool_call>", "<tool_call>{\"name\": \"f\"</tool_call>", "<tool_call>[1]",
            "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": }}</tool_call>", "</tool_call>",
            "<tool_call>{\"name\": \"f", "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"b\nc\"}}",
        ])
    func malformed(text: String) throws {
        let parser = try Self.hermes()
        for pieces in ParsingSplits.all(of: "a " + text, randomCount: 5) {
            let reply = ParsedReply(ParsingSplits.deltas(of: pieces, with: parser, truncated: false))
            #expect(reply == ParsedReply([.content("a " + text)]))
        }
    }

    @Test("with a malformed call still has the good one after it")
    func goodAfterMalformed() throws {
        let reply = ReplyParser.parse("<tool_call>{\"name\": \"f</tool_call>" + Self.ping, with: try Self.hermes())
        #expect(reply.content == "<tool_call>{\"name\": \"f</tool_call>")
        #expect(reply.toolCalls.map(\.name) == ["ping"])
    }

    @Test(
        "may write arguments as parameters, or as JSON text",
        arguments: ["\"parameters\": {\"a\": 1}", "\"arguments\": \"{\\\"a\\\": 1}\""])
    func otherArguments(member: String) throws {
        let text = "<tool_call>{\"name\": \"f\", \(member)}</tool_call>"
        #expect(ReplyParser.parse(text, with: try Self.hermes()).toolCalls.map(\.arguments) == ["{\"a\": 1}"])
    }

    // MARK: Names

    @Test("needs a parser that exists")
    func unknownParsers() {
        #expect(throws: ReplyParserError.unknownToolCallParser("llama", known: ["hermes", "qwen3_coder", "qwen3_xml"]))
        {
            try ToolCallFormat(named: "llama")
        }
        #expect(throws: ReplyParserError.unknownReasoningParser("x", known: ["deepseek_r1", "qwen3"])) {
            try ReasoningParser(named: "x", prompt: "")
        }
    }
}
