import Inference
import JSON
import Testing
import annie

@Suite("Measurements")
struct MeasurementTests {
    @Test("the median is the middle, or the mean of the middle two")
    func median() {
        #expect(Measurement([9, 1, 5]).median == 5)
        #expect(Measurement([4, 1, 2, 9]).median == 3)
        #expect(Measurement([7]).median == 7)
    }

    @Test("the text shows the spread when there is one")
    func text() {
        #expect(Measurement([2, 4, 3]).text { "\(Int($0))" } == "3 (2–4)")
        #expect(Measurement([2]).text { "\(Int($0))" } == "2")
    }

    @Test("a report's growth compares the last turn with the second, which is the first to have a past")
    func growth() {
        var report = BenchReport()
        #expect(report.firstTokenGrowth == nil)
        report.conversation = [0.9, 0.1, 0.11, 0.15].enumerated().map { index, seconds in
            .init(
                turn: index + 1, promptTokens: 1, cachedTokens: 0, firstTokenSeconds: Measurement([seconds]))
        }
        #expect(abs((report.firstTokenGrowth ?? 0) - 1.5) < 1e-9)
    }
}

@Suite("What a chat says of a reply")
struct ChatReplyTests {
    private func reply(reason: FinishReason) -> ChatReply {
        var reply = ChatReply()
        _ = reply.take(.prompt(PromptReport(tokenCount: 60, cachedTokenCount: 41)))
        for text in ["Par", "is"] { _ = reply.take(.token(GeneratedToken(id: 1, text: text))) }
        var summary = GenerationSummary(reason: reason, trailingText: ".", promptTokens: 60, completionTokens: 3)
        summary.cachedTokens = 41
        summary.prefillSeconds = 0.045
        summary.decodeSeconds = 0.01
        _ = reply.take(.finished(summary))
        return reply
    }

    @Test("the text is all pieces and what was held back")
    func text() { #expect(reply(reason: .endOfSequence).text == "Paris.") }

    @Test("the line has tokens, speed, wait and the cache's share")
    func statistics() {
        #expect(
            reply(reason: .endOfSequence).statistics
                == "3 tokens, 200 tok/s, first token 45 ms, prompt 60 (41 cached)")
        #expect(reply(reason: .length).statistics.hasSuffix("cut at the limit"))
    }

    @Test("a reply that was stopped says after how much")
    func stopped() {
        var reply = ChatReply()
        _ = reply.take(.token(GeneratedToken(id: 1, text: "x")))
        #expect(reply.statistics == "stopped after 1 tokens")
    }

    @Test("totals add up over replies and leave cached tokens out of the reading speed")
    func totals() {
        var totals = ChatTotals()
        for _ in 0..<2 { totals.add(reply(reason: .endOfSequence)) }
        #expect(
            totals.text
                == "2 replies; 120 prompt tokens, 82 of them from the cache, read at 422 tok/s; "
                + "6 reply tokens, written at 200 tok/s.")
    }
}
