import Inference
import Testing

@Suite struct SamplingStopMatcherTests {
    /// Feeds the pieces and returns all text and the stop string, as a reply would see them.
    private func run(_ pieces: [String], _ stops: [String], includes: Bool = false) -> (text: String, stop: String?) {
        var matcher = StopMatcher(stops, includesStopString: includes)
        var text = ""
        for piece in pieces {
            let step = matcher.append(piece)
            text += step.text
            if step.stop != nil { return (text, step.stop) }
        }
        return (text + matcher.finish(), nil)
    }

    /// The first stop string to be complete, of several that end together the longest.
    private func naive(_ text: String, _ stops: [String], includes: Bool) -> (text: String, stop: String?) {
        let bytes = Array(text.utf8)
        for end in 0...bytes.count {
            let ending = stops.filter { !$0.isEmpty && bytes[..<end].suffix($0.utf8.count).elementsEqual($0.utf8) }
            guard let stop = ending.max(by: { $0.utf8.count < $1.utf8.count }) else { continue }
            let kept = includes ? end : end - stop.utf8.count
            return (String(decoding: bytes[..<kept], as: UTF8.self), stop)
        }
        return (text, nil)
    }

    /// Every way to cut the text into up to four pieces, and scalar by scalar.
    private func splits(of text: String) -> [[String]] {
        let scalars = Array(text.unicodeScalars)
        func piece(_ range: Range<Int>) -> String {
            var piece = ""
            piece.unicodeScalars.append(contentsOf: scalars[range])
            return piece
        }
        var splits = [scalars.map { String($0) }]
        for first in 0...scalars.count {
            for second in first...scalars.count {
                splits.append([piece(0..<first), piece(first..<second), piece(second..<scalars.count)])
            }
        }
        return splits
    }

    @Test(arguments: [
        (["stop"], "please stop now"), (["aab"], "aaaabaab"), (["abcd", "bc"], "xabcabcd"), (["ab", "xab"], "yxab"),
        (["<|end|>", "\n\n"], "one\ntwo <|end\n three\n\nfour"),
        (["é", "ü🙂"], "caf🙂 ü ü🙂é"), (["e\u{301}"], "cafe e\u{301}!"),
        ([], "nothing stops"), ([""], "an empty string stops nothing"), (["abab", "baba"], "ababab"), (["x"], ""),
    ])
    func everySplitGivesWhatANaiveSearchFinds(stops: [String], text: String) {
        for includes in [false, true] {
            let expected = naive(text, stops, includes: includes)
            for pieces in splits(of: text) {
                let found = run(pieces, stops, includes: includes)
                #expect(Array(found.text.utf8) == Array(expected.text.utf8) && found.stop == expected.stop, "\(pieces)")
            }
        }
    }

    @Test(arguments: 0..<200)
    func randomTextsOfFewLettersAgree(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        func word(_ length: ClosedRange<Int>) -> String {
            String((0..<Int.random(in: length, using: &random)).map { _ in "abé".randomElement(using: &random) ?? "a" })
        }
        let stops = (0..<Int.random(in: 1...4, using: &random)).map { _ in word(1...5) }
        let pieces = (0..<12).map { _ in word(0...4) }
        let expected = naive(pieces.joined(), stops, includes: false)
        let found = run(pieces, stops)
        #expect(found.text == expected.text && found.stop == expected.stop)
    }

    @Test func onlyWhatMayBecomeAStopStringIsHeldBack() {
        var matcher = StopMatcher(["</tool>"])
        #expect(matcher.append("a </to").text == "a ")
        #expect(matcher.append("p").text == "</top")
        #expect(matcher.append("x").text == "x")
    }

    @Test func nothingComesAfterAStop() {
        var matcher = StopMatcher(["b"])
        let step = matcher.append("abc")
        #expect(step.text == "a" && step.stop == "b")
        #expect(matcher.append("more").text == "")
        #expect(matcher.finish() == "")
    }
}
