import Speech
import Testing

@Suite("Text is cut into sentences and clauses") struct SpokenClausesTests {
    @Test("a mark ends a sentence only before a space")
    func cutsSentences() {
        #expect(SpokenClauses.sentences(of: "Yes. No! Why? a.b So") == ["Yes.", "No!", "Why?", "a.b So"])
    }

    @Test("a sentence without an end is cut before it grows too long")
    func cutsLongSentences() {
        let text = String(repeating: "word ", count: 400)
        let sentences = SpokenClauses.sentences(of: text)
        #expect(sentences.count > 5)
        #expect(sentences.allSatisfy { $0.count <= 260 })
        #expect(sentences.joined(separator: " ") == text.dropLast())
    }

    @Test("what has nothing to say is no sentence", arguments: ["", "  ", "...", "?! ,", "\n"])
    func dropsEmpty(text: String) {
        #expect(SpokenClauses.sentences(of: text).isEmpty)
    }

    @Test("clauses keep their marks")
    func cutsClauses() {
        #expect(
            SpokenClauses.clauses(of: "Well, I think: no; yes.") == [
                .init(text: "Well", mark: ","), .init(text: "I think", mark: ":"), .init(text: "no", mark: ";"),
                .init(text: "yes", mark: "."),
            ])
        #expect(SpokenClauses.clauses(of: "so") == [.init(text: "so", mark: nil)])
    }
}
