import Companion
import Testing

@Suite("Speakable text")
struct SpeakableTests {
    @Test(
        "Markdown, markup, code and addresses never reach the voice",
        arguments: [
            ("**Sure**, that's _fine_.", "Sure, that's fine."),
            ("# Title\nText here.", "Title|Text here."),
            ("- one\n- two\n* three", "one|two|three"),
            ("1. Boil it.\n2. Eat it.", "Boil it.|Eat it."),
            ("7. One for each day.", "7.|One for each day."),
            ("See [the site](https://a.b/c_d) now.", "See the site now."),
            ("See https://a.b/c?d=e. Then go.", "See the link.|Then go."),
            ("Look at www.example.org, friend.", "Look at the link, friend."),
            ("![a cat](cat.png)That's my cat.", "That's my cat."),
            ("Well done \u{1F389}\u{1F469}\u{200D}\u{1F4BB}!", "Well done !"),
            ("<think>He wants\nfood.</think>\n\nPasta, then.", "Pasta, then."),
            ("<tool_call>{\"name\": \"x\"}</tool_call>Done.", "Done."),
            ("Done.<|im_end|>", "Done."),
            ("Here: {\"name\": \"a}b\", \"arguments\": {}} yes.", "Here: yes."),
            ("Run this:\n```swift\nlet a = 1\n```\nGood luck.", "Run this:|Good luck."),
            ("Use `rm -rf /` or `print` now.", "Use or print now."),
            ("| a | b |\n|---|---|\n| 1 | 2 |\nDone.", "a , b|1 , 2|Done."),
            ("It is 3 * 4, my friend.", "It is 3 times 4, my friend."),
            ("A snake_case name.", "A snake case name."),
            ("<b>Bold</b> words.<br>More.", "Bold words.|More."),
            ("We're #1 [1] [^2].", "We're number 1 ."),
            ("> quoted\n---\nend", "quoted|end"),
            (
                "\u{0CA8}\u{0CAE}\u{0CB8}\u{0CCD}\u{200C}\u{0C95}\u{0CBE}\u{0CB0}.",
                "\u{0CA8}\u{0CAE}\u{0CB8}\u{0CCD}\u{200C}\u{0C95}\u{0CBE}\u{0CB0}."
            ),
        ])
    func speaks(text: String, spoken: String) {
        let clauses = SpeakableStream.clauses(of: text)
        let expected = spoken.split(separator: "|").map(String.init)
        let withoutFirstCut = joined(clauses, like: expected)
        #expect(withoutFirstCut == expected)
    }

    /// Glues a first clause to its sentence where the expectation does not cut it.
    private func joined(_ clauses: [String], like expected: [String]) -> [String] {
        guard clauses.count == expected.count + 1 else { return clauses }
        return [clauses[0] + " " + clauses[1]] + clauses.dropFirst(2)
    }

    @Test("The first clause comes out at its comma, before the sentence is known")
    func firstClause() {
        var stream = SpeakableStream()
        #expect(stream.append("Well, it looks") == [])
        #expect(stream.append(" like rain, so") == ["Well, it looks like rain,"])
        #expect(stream.append(" take an umbrella, or stay. T") == ["so take an umbrella, or stay."])
        #expect(stream.finish() == ["T"])
    }

    @Test("A dash ends a first clause without a space; a range of numbers does not")
    func dashes() {
        #expect(SpeakableStream.clauses(of: "That is easy\u{2014}just ask.") == ["That is easy\u{2014}", "just ask."])
        #expect(SpeakableStream.clauses(of: "It takes about 5\u{2013}10 days.") == ["It takes about 5\u{2013}10 days."])
    }

    @Test(
        "Abbreviations, decimals, times and initials do not end a sentence",
        arguments: [
            "Dr. Rao lives on St. Mark's road.", "It's 3.14 or 10:30 or 1,000 rupees.", "Ask J. K. Rowling about it.",
            "We meet at 5 p.m. on Monday.", "Bring fruit, e.g. apples.", "It's on Jan. 5 at noon.",
            "Wait... there is more.", "Visit example.com today.",
        ])
    func doesNotEnd(text: String) {
        let clauses = SpeakableStream.clauses(of: text)
        #expect(clauses.joined(separator: " ") == text)
        #expect(clauses.allSatisfy { !$0.hasSuffix(".") || text.hasSuffix($0) }, "\(clauses)")
    }

    @Test(
        "Sentences end where they do",
        arguments: [
            ("We meet at 5 p.m. Then we eat.", 2), ("No. I don't think so.", 2), ("So do I. Let's go!", 2),
            ("Really?! Yes. Fine.", 3), ("He said \"Stop.\" Then he left.", 2), ("One line\nanother line", 2),
            ("\u{4F60}\u{597D}\u{3002}\u{6211}\u{662F}\u{5B89}\u{59AE}\u{3002}", 2),
        ])
    func ends(text: String, count: Int) {
        #expect(SpeakableStream.clauses(of: text).count == count, "\(SpeakableStream.clauses(of: text))")
    }

    @Test("Text without any mark is cut at a word all the same")
    func longText() {
        let clauses = SpeakableStream.clauses(of: String(repeating: "word ", count: 200))
        #expect(clauses.count > 3)
        #expect(clauses.joined(separator: " ").split(separator: " ").count == 200)
        #expect(clauses.allSatisfy { $0.count <= 330 })
        #expect(SpeakableStream.clauses(of: String(repeating: "a", count: 5000)).allSatisfy { $0.count <= 330 })
    }

    @Test("What is only punctuation is not spoken")
    func nothingToSay() {
        #expect(SpeakableStream.clauses(of: "... \u{1F600} -- !").isEmpty)
        #expect(SpeakableStream.clauses(of: "").isEmpty)
        #expect(SpeakableStream.clauses(of: "<think>never closed").isEmpty)
    }

    @Test("What is shown lacks thinking and tool markup and nothing else")
    func shown() {
        #expect(ShownText.text(of: "<think>\n\n</think>\n\n**Hi** a < b <3\n") == "**Hi** a < b <3")
        #expect(ShownText.text(of: "A<tool_call>\n{}\n</tool_call>\nB <|im_end|>") == "A\nB")
        #expect(ShownText.text(of: "x </think> y <THINK>z") == "x  y")
        #expect(ShownText.text(of: "Less <thi") == "Less <thi")
    }
}
