import Companion
import Testing

@Suite("The guard against spoiled replies")
struct ReplyGuardTests {
    @Test(
        "It objects to what must not be kept",
        arguments: [
            ("Well. <think>so</think> yes", Spoilage.leakedMarkup), ("so he wants</think>Yes.", .leakedMarkup),
            ("<think>never closed", .leakedMarkup), ("Sure <tool_call>", .leakedMarkup),
            ("Hi<|im_end|>", .leakedMarkup),
            ("{\"name\": \"search\", \"arguments\": {}}", .leakedMarkup), ("Ok.\n[{\"function\": 1}]", .leakedMarkup),
            ("Fine.\nUser: and then?", .leakedMarkup), ("<function=a>", .leakedMarkup),
            ("[TOOL_CALLS] x", .leakedMarkup),
            ("# Title\ntext", .markdown), ("Ok\n### More", .markdown), ("| a | b |", .markdown), ("```\nx", .markdown),
            ("Try\n  ```swift", .markdown),
            ("no no no no no no no no", .loop), ("I am here. I am here now. I am here now. I am here now.", .loop),
            ("you know what you know what you know what you know what you know what", .loop),
            ("hahahahahahahahahahahahahahahahahahahahahahahahahahahahahahaha", .loop),
            (String(repeating: "\u{4F60}\u{597D}\u{3002}", count: 20), .loop), ("", .empty), ("**", .empty),
        ])
    func objects(text: String, spoilage: Spoilage) {
        #expect(ReplyGuard.spoilage(of: text) == spoilage)
    }

    @Test(
        "It leaves good replies alone",
        arguments: [
            "<think>\n\n</think>\n\nIt's sunny.", "<think>long thought</think>Yes.", "No, no, no. Never, never ever!",
            "Very, very, very good.", "The set {1, 2} is small.", "#1 is the best, and 3 < 4.",
            "I said: user friendly.",
            "Either a | b.", "It is **bold** and *brave*.\n- one\n- two",
            "Row, row, row your boat, gently down the stream.",
            "Monday to Friday, nine to five. Saturday, ten to four. Sunday, ten to four.", "User: that's you.",
            "10 9 8 7 6 5 4 3 2 1 0", "Ha ha ha!", "I use <b> tags.",
        ])
    func accepts(text: String) {
        #expect(ReplyGuard.spoilage(of: text) == nil)
    }

    @Test("It says so at once, before the rest has come")
    func early() {
        var replyGuard = ReplyGuard()
        var taken = 0
        for word in Array(repeating: "round and ", count: 200) {
            taken += 1
            if replyGuard.check(word) != nil { break }
        }
        #expect(taken < 12)
    }

    @Test("However a text is split, the verdict is the same")
    func splits() {
        let parts = [
            "<think>", "</think>", "word ", "a b c. ", "\n", "# ", "|", "```", "{\"name\":", "<|im_", "user:", "<",
            "# x",
        ]
        for seed in 0..<400 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let text = (0..<12).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
            var replyGuard = ReplyGuard()
            var verdict: Spoilage?
            for piece in pieces(of: text, using: &generator) where verdict == nil { verdict = replyGuard.check(piece) }
            verdict = verdict ?? replyGuard.finish(callsTools: false)
            #expect((verdict == nil) == (ReplyGuard.spoilage(of: text) == nil), "seed \(seed)")
        }
    }
}
