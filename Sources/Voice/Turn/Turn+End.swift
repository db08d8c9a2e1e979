/// The end of the user's turn.
extension Turn {
    mutating func considerEnd() {
        guard let utterance, utterance.isTurn, utterance.isPausing, utterance.isCovered else { return }
        let text = utterance.text
        if text.isEmpty {
            if silence >= options.emptyAfter || utterance.isClosed { dropUtterance() }
            return
        }
        let evidence = EndOfTurnEvidence(silence: silence, transcript: text, probability: utterance.end?.probability)
        let verdict = utterance.isClosed ? .over : strategy.verdict(evidence)
        if verdict >= .likelyOver, answer == nil, !utterance.guessFailed {
            begin(text, .guess, asked: utterance.voicedEndTime)
        }
        // A voiced window in the pause may be the user going on: the next one tells.
        if verdict == .over, utterance.resumption == 0 { endTurn(utterance, text) }
    }

    private mutating func endTurn(_ utterance: Utterance, _ text: String) {
        send(.detectedSilence)
        if utterance.isAnnounced { send(.userStoppedSpeaking) }
        send(.userTranscription(text, isFinal: true))
        if answer == nil {
            begin(text, .guess, asked: utterance.voicedEndTime)
        } else {
            answer?.timings.isGuessed = true
        }
        answer?.timings.silence = now - utterance.voicedEndTime
        answer?.timings.decode = utterance.transcript?.cost
        answer?.timings.transcript = utterance.transcript.map { $0.arrived - utterance.voicedEndTime }
        commit()
        consume(utterance)
    }

    /// Speech in which nothing was understood.
    private mutating func dropUtterance() {
        guard let utterance else { return }
        send(.detectedSilence)
        if utterance.isAnnounced { send(.userStoppedSpeaking) }
        if answer?.stage == .guess { discardGuess() }
        consume(utterance)
    }

    /// What the utterance held belongs to the past.
    mutating func consume(_ utterance: Utterance) {
        consumed = utterance.voicedEnd
        self.utterance = nil
        detector.forget()
    }
}
