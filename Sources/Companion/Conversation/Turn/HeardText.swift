extension LiveTurn {
    /// What history keeps of the assistant's part: its messages, and whether the last of them was cut short.
    struct Record {
        /// Calls and their results.
        var exchanged: [ChatMessage]
        /// The last words; nil when nothing was said, or heard, after the last call.
        var answer: ChatMessage?
        /// Whether the user did not hear everything.
        var isCut: Bool
    }

    /// - Parameter heard: What the user heard of the whole reply; nil: all that was given out.
    func record(heard: String?) -> Record {
        var record = Record(exchanged: [], answer: nil, isCut: false)
        var hearing = Hearing(heard)
        for round in rounds + [stoppedRound].compactMap({ $0 }) {
            var message = round.message
            message.content = hearing.take(message.content, spokenCount: round.spokenCount)
            record.exchanged += [message] + round.results
        }
        let answer =
            switch phase {
            case .apologised(let apology): hearing.take(apology, spokenCount: apology.spokenCount)
            case .answered: hearing.take(text.shown, spokenCount: text.spokenCount)
            // What is still being written has been shown further than it was given out to be spoken.
            case .running, .failed: running == nil ? hearing.takeRest(otherwise: text.shown) : ""
            }
        if !answer.isEmpty { record.answer = ChatMessage(.assistant, answer) }
        record.isCut = hearing.isCut || phase == .running || phase == .failed
        return record
    }

    /// The round whose calls were still being run: every call has an answer, or the next prompt would be refused.
    private var stoppedRound: Round? {
        guard let running else { return nil }
        let results = running.message.toolCalls.enumerated().map { position, call in
            let text =
                running.results[position]?.text
                ?? (running.started.contains(position)
                    ? "Stopped because the user broke in; it may or may not have been carried out."
                    : "Not carried out, because the user broke in.")
            return ChatMessage(.tool, text, toolCallID: call.id)
        }
        return Round(message: running.message, results: results, spokenCount: running.spokenCount)
    }
}

/// Parts what was heard among the rounds of a reply, by counting characters: clauses lack the markdown of what is shown.
private struct Hearing {
    private var rest: Substring?
    private(set) var isCut = false

    init(_ heard: String?) { rest = heard?[...] }

    /// All that was heard of the last text.
    func takeRest(otherwise text: String) -> String { rest.map { oneLine(String($0)) } ?? text }

    /// What was heard of the next text, of which so many characters were given out.
    mutating func take(_ text: String, spokenCount: Int) -> String {
        guard let heard = rest else { return text }
        let available = String(heard).spokenCount
        guard available < spokenCount else {
            var left = spokenCount
            rest = heard.drop { character in
                if !character.isWhitespace { left -= 1 }
                return left >= 0
            }
            return text
        }
        rest = ""
        isCut = true
        return oneLine(String(heard))
    }
}
