/// Asking for transcripts and taking them.
extension Turn {
    /// What recognisers write for a short noise; said by a person, it comes with a full stop.
    private static let fillers: Set<String> = ["You", "you"]
    /// Seconds of speech from which on it is believed.
    private static let fillerSpeech = 0.4

    /// Decodes tried for the same speech: the worker may be restarting.
    private static let attempts = 4

    mutating func considerDecoding() {
        guard let utterance else { return }
        if let retry = utterance.retry {
            guard now >= retry else { return }
            self.utterance?.retry = nil
            decodePiecesAgain()
        }
        if utterance.isPausing {
            guard silence >= options.decodeAfter || utterance.isClosed else { return }
            decodeTurn()
            askEndOfTurn()
        } else if utterance.decode == nil, position >= utterance.nextPartial {
            decode(.partial)
        }
    }

    /// Once for the same speech, also when the speech was already on its way as a partial decode.
    private mutating func decodeTurn() {
        guard let utterance, utterance.transcript?.covers != utterance.voicedEnd,
            utterance.decode?.covers != utterance.voicedEnd
        else { return }
        if let decode = utterance.decode { actions.append(.cancelDecode(id: decode.id)) }
        decode(.turn)
    }

    private mutating func decode(_ purpose: DecodeRequest.Purpose) {
        guard let utterance else { return }
        let tail = Self.samples(options.trailingSilence)
        let end = min(position, utterance.voicedEnd + tail)
        let id = next()
        self.utterance?.decode = Utterance.Decode(
            id: id, covers: utterance.voicedEnd, asked: now, speech: utterance.speech)
        actions.append(
            .decode(
                DecodeRequest(
                    id: id, samples: utterance.start..<max(utterance.start, end),
                    padding: max(0, utterance.voicedEnd + tail - end), purpose: purpose)))
    }

    private mutating func decodePiecesAgain() {
        guard let utterance else { return }
        for (index, piece) in utterance.pieces.enumerated() where piece.text == nil && piece.decode == nil {
            let id = next()
            let end = index + 1 < utterance.pieces.count ? utterance.pieces[index + 1].start : utterance.start
            self.utterance?.pieces[index].decode = id
            actions.append(
                .decode(
                    DecodeRequest(id: id, samples: piece.start..<max(piece.start, end), padding: 0, purpose: .piece)))
        }
    }

    private mutating func askEndOfTurn() {
        guard silence >= options.askAfter, strategy.wantsProbability else { return }
        guard let utterance, utterance.isTurn, !utterance.isClosed,
            utterance.end?.covers != utterance.voicedEnd
        else { return }
        let id = next()
        self.utterance?.end = (id, utterance.voicedEnd, nil)
        let start = max(utterance.start, position - Self.samples(8))
        let padding = Self.samples(options.turnModelSilence) - (position - utterance.voicedEnd)
        actions.append(
            .askEndOfTurn(id: id, samples: start..<max(start, position), padding: max(0, padding)))
    }

    mutating func takeTranscript(_ text: String, of id: Int) {
        guard let utterance else { return }
        // A text without a word is how recognisers put noise.
        let text = InterruptionOptions.words(of: text).isEmpty ? "" : text.trimmed
        if let index = utterance.pieces.firstIndex(where: { $0.decode == id }) {
            self.utterance?.pieces[index].decode = nil
            self.utterance?.pieces[index].text = text
        } else if let decode = utterance.decode, decode.id == id {
            let text = decode.speech < Self.fillerSpeech && Self.fillers.contains(text) ? "" : text
            let cost = now - decode.asked
            self.utterance?.decode = nil
            self.utterance?.transcript = Utterance.Transcript(
                text: text, covers: decode.covers, speech: decode.speech, cost: cost, arrived: now)
            // A third of a core at most goes into text that is not final.
            let period = utterance.isTurn ? options.partialPeriod : options.partialPeriod / 2
            self.utterance?.nextPartial = position + Self.samples(max(period - cost, 2 * cost))
        } else {
            return
        }
        self.utterance?.failures = 0
        if utterance.isTurn { showPartial() }
    }

    /// Shows the user what was understood so far.
    mutating func showPartial() {
        guard let text = utterance?.text, !text.isEmpty else { return }
        send(.userTranscription(text, isFinal: false))
    }

    mutating func takeDecodeFailure(_ id: Int) {
        guard let utterance else { return }
        let piece = utterance.pieces.firstIndex { $0.decode == id }
        guard piece != nil || utterance.decode?.id == id else { return }
        let failures = utterance.failures + 1
        if let piece { self.utterance?.pieces[piece].decode = nil } else { self.utterance?.decode = nil }
        self.utterance?.failures = failures
        self.utterance?.retry = now + 0.5 * Double(failures)
        guard failures >= Self.attempts else { return }
        send(.error("What you said could not be transcribed; please say it again or type it."))
        giveUp(utterance)
    }

    /// What is known of the utterance has to do; without a word it is dropped.
    private mutating func giveUp(_ utterance: Utterance) {
        for index in utterance.pieces.indices where utterance.pieces[index].text == nil {
            self.utterance?.pieces[index].text = ""
        }
        self.utterance?.retry = nil
        self.utterance?.failures = 0
        self.utterance?.transcript = Utterance.Transcript(
            text: "", covers: utterance.voicedEnd, speech: utterance.speech, cost: 0, arrived: now)
    }

    mutating func considerPreparing() {
        guard let utterance, utterance.isTurn, answer == nil else { return }
        let text = utterance.text
        guard !text.isEmpty, text != utterance.prepared else { return }
        self.utterance?.prepared = text
        actions.append(.prepare((remarks + [text]).joined(separator: "\n")))
    }
}

extension String {
    /// Without whitespace at its ends.
    var trimmed: String { String(drop { $0.isWhitespace }.trimmingSuffix { $0.isWhitespace }) }
}
