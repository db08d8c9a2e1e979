/// Whether speech while she speaks means that she shall stop, and stopping her.
extension Turn {
    mutating func considerInterruption() {
        guard let utterance, !utterance.isTurn else { return }
        guard answer?.isAgreed == true else {
            announceTurn()
            return
        }
        let unanswered = utterance.speech - (utterance.transcript?.speech ?? 0)
        if unanswered >= options.interruption.certainSpeech { return breakIn() }
        guard let transcript = utterance.transcript else { return }
        let isWhole = utterance.isPausing && utterance.isCovered && silence >= options.decodeAfter
        if isInterruption(utterance, transcript, isWhole: isWhole) {
            breakIn()
        } else if isWhole, utterance.resumption == 0, silence >= options.interruption.settle {
            dismiss(utterance)
        }
    }

    /// The start of a word can be any word, so half-heard speech takes more than one.
    private func isInterruption(_ utterance: Utterance, _ transcript: Utterance.Transcript, isWhole: Bool) -> Bool {
        let limits = options.interruption
        guard utterance.speech >= limits.minimumSpeech, limits.isMeant(utterance.text) else { return false }
        return isWhole || transcript.speech >= limits.certainWord
            || InterruptionOptions.words(of: utterance.text).count > 1
    }

    private mutating func breakIn() {
        if let yieldedAfter = utterance?.yieldedAfter { actions.append(.recordBargeIn(yieldedAfter)) }
        interruptAnswer()
        announceTurn()
        showPartial()
    }

    /// A cough, or a word of agreement: she goes on where she was.
    private mutating func dismiss(_ utterance: Utterance) {
        send(.detectedSilence)
        if utterance.isAnnounced { send(.userStoppedSpeaking) }
        if !utterance.text.isEmpty { send(.server(.backchannel(utterance.text))) }
        consume(utterance)
    }

    /// Ends her turn here and now: a guess was never made, and of a reply only what was heard remains.
    mutating func interruptAnswer() {
        guard let answer else { return }
        guard answer.isAgreed else { return discardGuess() }
        if answer.stage == .standing {
            for call in answer.openTools { send(.toolStopped(call, result: nil, isError: false)) }
            if !answer.isFinished { send(.llmStopped) }
            if answer.isVoiced { send(.ttsStopped) }
            if answer.isAudible { send(.botStoppedSpeaking) }
        }
        if answer.isCanned {
            actions.append(.silence)
        } else {
            actions.append(.interrupt(reply: answer.id, shown: readText(of: answer)))
        }
        send(.botInterrupted)
        self.answer = nil
    }

    /// What the user has read of an answer without a voice; nil where what was heard counts.
    func readText(of answer: Answer) -> String? {
        guard !answer.isSpoken || isMute else { return nil }
        return answer.stage == .standing ? answer.shown : ""
    }

    mutating func discardGuess() {
        guard let answer, answer.stage == .guess else { return }
        actions.append(.silence)
        actions.append(.discard(reply: answer.id))
        self.answer = nil
    }

    mutating func takeTyped(_ typed: TypedText) {
        guard typed.answersNow else {
            remarks = Array((remarks + [typed.text]).suffix(8))
            return
        }
        interruptAnswer()
        var text = typed.text
        if let utterance, utterance.isTurn {
            if utterance.isPausing, utterance.isCovered, !utterance.text.isEmpty {
                // Said and typed in one breath: one turn.
                text = utterance.text + " " + text
                if utterance.isAnnounced { send(.userStoppedSpeaking) }
                send(.userTranscription(utterance.text, isFinal: true))
                consume(utterance)
            } else {
                self.utterance?.isTurn = false
            }
        }
        begin(text, .guess, asked: now, isSpoken: typed.isSpoken)
        answer?.timings.isSpoken = false
        commit()
    }
}
