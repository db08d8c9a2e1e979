extension Conversation {
    /// Words in a row that make a past answer resemble a spoiled one.
    private static let resemblance = 5
    /// An answer of fewer words may well be given again and again.
    private static let fewestWordsOfRepeatedAnswer = 4

    /// Takes out of the history what the model may have copied a spoiled reply from.
    func forgetTurns(like spoiled: String) {
        let patterns = Self.sequences(of: spoiled)
        let before = history.turns.count
        history.removeAll { turn in
            turn.messages.contains { message in
                message.role == .assistant && !message.content.isEmpty
                    && (!patterns.isDisjoint(with: Self.sequences(of: message.content))
                        || ReplyGuard.spoilage(of: message.content) != nil)
            }
        }
        if history.turns.count < before { (clockToldAt, gauge) = (nil, nil) }
    }

    /// Whether this is the third time in a row that different words get the same answer.
    func repeatsAnswers(_ answer: String, to words: String) -> Bool {
        let said = Self.words(of: answer)
        let last = history.turns.suffix(2)
        guard said.count >= Self.fewestWordsOfRepeatedAnswer, last.count == 2 else { return false }
        let questions = Set(last.map { Self.words(of: $0.words) } + [Self.words(of: words)])
        return questions.count == 3 && last.allSatisfy { Self.words(of: $0.answer ?? "") == said }
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static func sequences(of text: String) -> Set<[String]> {
        let words = words(of: text)
        guard words.count >= resemblance else { return [] }
        return Set((0...(words.count - resemblance)).map { Array(words[$0..<($0 + resemblance)]) })
    }
}
