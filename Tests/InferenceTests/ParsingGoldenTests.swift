import Inference
import JSON
import Testing

@Suite("Recorded replies")
struct ParsingGoldenTests {
    private static func parser(for item: ParsingCase) throws -> ReplyParser {
        ReplyParser(
            reasoning: try item.promptEnd.map {
                try ReasoningParser(named: "qwen3", prompt: "…<|im_start|>assistant\n" + $0)
            },
            tools: item.format.makeParser(tools: ParsingFixtures.tools),
            allowsParallelToolCalls: item.allowsParallelToolCalls, makeIdentifier: { "id" })
    }

    @Test("are all there")
    func count() {
        #expect(ParsingFixtures.cases.count == 44)
        #expect(ParsingFixtures.tools.count == 2)
    }

    @Test("are parsed to what they mean", arguments: ParsingFixtures.cases)
    func whole(item: ParsingCase) throws {
        let reply = ReplyParser.parse(item.text, with: try Self.parser(for: item), truncated: item.isTruncated)
        #expect(reply.reasoning == item.reasoning)
        #expect(reply.content == item.content)
        let calls = try reply.toolCalls.map { call -> JSONValue in
            [.string(call.name), try JSONValue(parsing: call.arguments)]
        }
        #expect(calls == item.calls)
    }

    @Test("mean the same however they are cut into pieces", arguments: ParsingFixtures.cases)
    func everySplit(item: ParsingCase) throws {
        let parser = try Self.parser(for: item)
        let whole = ReplyParser.parse(item.text, with: parser, truncated: item.isTruncated)
        for pieces in ParsingSplits.all(of: item.text) {
            let deltas = ParsingSplits.deltas(of: pieces, with: parser, truncated: item.isTruncated)
            #expect(ParsedReply(deltas) == whole, "\(pieces)")
            #expect(Self.isWellFormed(deltas), "\(pieces)")
        }
    }

    @Test(
        "mean the same however they are cut, when the token limit ends them anywhere", arguments: ParsingFixtures.cases)
    func everyTruncation(item: ParsingCase) throws {
        let parser = try Self.parser(for: item)
        let scalars = Array(item.text.unicodeScalars)
        for end in scalars.indices {
            let text = ParsingSplits.string(scalars[..<end])
            for truncated in [true, false] {
                let whole = ReplyParser.parse(text, with: parser, truncated: truncated)
                let pieces = text.unicodeScalars.map { String(Character($0)) }
                let deltas = ParsingSplits.deltas(of: pieces, with: parser, truncated: truncated)
                #expect(ParsedReply(deltas) == whole, "\(text)")
                #expect(Self.isWellFormed(deltas), "\(text)")
            }
        }
    }

    /// One start a call, in order and before its arguments, which are the JSON of an object; nothing empty; no text
    /// after a call.
    static func isWellFormed(_ deltas: [ReplyDelta]) -> Bool {
        var calls = 0
        var hasArguments: Set<Int> = []
        for delta in deltas {
            switch delta {
            case .reasoning(let text), .content(let text):
                if text.isEmpty || calls > 0 { return false }
            case .toolCallStart(let index, let id, let name):
                if index != calls || id.isEmpty || name.isEmpty { return false }
                calls += 1
            case .toolCallArguments(let index, let text):
                if index != calls - 1 || text.isEmpty { return false }
                hasArguments.insert(index)
            }
        }
        let reply = ParsedReply(deltas)
        return hasArguments.count == calls
            && reply.toolCalls.allSatisfy { (try? JSONValue(parsing: $0.arguments))?.object != nil }
    }
}
