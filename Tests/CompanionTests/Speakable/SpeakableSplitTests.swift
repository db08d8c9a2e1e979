import Companion
import Testing

@Suite("Speakable text, however it is split")
struct SpeakableSplitTests {
    private static let texts = [
        "<think>\nLet me see.\n</think>\n\n**Sure thing, Ada,** it's 3.5 km at 5 p.m. Then [go](http://a.b/c)! \u{1F44D}\u{1F3FD}",
        "# Plan\n\n1. First, boil water.\n2. Then `rm -rf` it.\n\n| a | b |\n|---|:-:|\n| c | d |\n\n```js\nx\n```\nDone\u{2014}really.",
        "Calling <tool_call>{\"name\": \"a\", \"arguments\": {\"q\": \"</tool\"}}</tool_call> now <|im_end|> e\u{0301}t\u{0301}e\u{0301}.",
        "{\"name\": \"search\"} Well... visit https://x.y/z_(w), or www.q.r! <br/>[1] ![i](u) [t](v \\*a\\* a_b __c__ 2 * 3",
    ]

    @Test("Every place to cut a text in two gives the same pieces and the same shown text", arguments: texts)
    func cutsInTwo(text: String) {
        let whole = SpeakableStream.clauses(of: text)
        let scalars = Array(text.unicodeScalars)
        for cut in 0...scalars.count {
            var stream = SpeakableStream()
            var shown = ShownText()
            let (head, tail) = (string(scalars[..<cut]), string(scalars[cut...]))
            #expect(stream.append(head) + stream.append(tail) + stream.finish() == whole, "cut at \(cut)")
            #expect(shown.append(head) + shown.append(tail) + shown.finish() == ShownText.text(of: text))
        }
    }

    @Test("Random texts of awkward parts, split at random, give the same pieces and never markup")
    func randomTexts() {
        let parts = [
            "<think>", "</think>", "<tool_call>", "</tool_call>", "<|im_start|>", "{\"a\": [1]}", "{", "}", "[", "](",
            ")",
            "**", "*", "_", "`", "```", "\n", "\n# ", "\n- ", "\n3. ", "|", "https://a.b", "www.", "word", " ", ", ",
            ". ",
            "? ", "Dr. ", "1.5", "<", ">", "\\", "~~", "!", "\u{1F600}", "\u{0CA8}\u{0CCD}", "\u{200D}",
            "\u{4F60}\u{3002}",
        ]
        for seed in 0..<600 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let text = (0..<Int.random(in: 1...40, using: &generator))
                .map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
            var stream = SpeakableStream()
            var clauses: [String] = []
            for piece in pieces(of: text, using: &generator) { clauses += stream.append(piece) }
            clauses += stream.finish()
            #expect(clauses == SpeakableStream.clauses(of: text), "seed \(seed)")
            let spoken = clauses.joined(separator: "\u{1}")
            for leak in ["<think", "tool_call", "<|im", "https://a", "```", "**", "\u{1F600}", "{", "\n"] {
                #expect(!spoken.contains(leak), "seed \(seed): \(leak)")
            }
        }
    }

    private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
