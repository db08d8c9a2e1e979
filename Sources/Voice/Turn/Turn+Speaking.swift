/// Turning clauses into sound, and following it out.
extension Turn {
    mutating func considerSpeaking() {
        guard let answer, answer.synthesis == nil, let text = answer.waiting.first else { return }
        guard now >= answer.retry ?? 0 else { return }
        self.answer?.retry = nil
        // Of a guess only the first clause is made: the rest may be thrown away.
        guard answer.unplayed.count < (answer.isAgreed ? options.clausesAhead + 1 : 1) else { return }
        let clause = next()
        self.answer?.waiting.removeFirst()
        self.answer?.synthesis = Answer.Synthesis(clause: clause, text: text, asked: now)
        self.answer?.unplayed[clause] = text
        if !answer.isVoiced { tell(.ttsStarted) }
        self.answer?.isVoiced = true
        tell(.output(BotOutput(text: text, segment: clause, isSpoken: true, status: .new, said: "")))
        tell(.ttsText(text))
        actions.append(.synthesize(generation: answer.generation, clause: clause, text: text))
    }

    private func isCurrent(_ generation: Int, _ clause: Int) -> Bool {
        answer?.generation == generation && answer?.synthesis?.clause == clause
    }

    mutating func takeFirstSound(_ generation: Int, _ clause: Int) {
        guard let answer, isCurrent(generation, clause), answer.timings.synthesis == nil else { return }
        self.answer?.timings.synthesis = answer.synthesis.map { now - $0.asked }
    }

    mutating func takeSound(_ generation: Int, _ clause: Int) {
        guard isCurrent(generation, clause) else { return }
        answer?.synthesis = nil
        answer?.failures = 0
        guard isMute else { return }
        isMute = false
        send(.server(abilities))
    }

    /// Tries again while the worker may be restarting; a clause that cannot be spoken is only shown.
    mutating func takeSoundFailure(_ generation: Int, _ clause: Int, _ rest: String) {
        guard let answer, isCurrent(generation, clause) else { return }
        let failures = answer.failures + 1
        self.answer?.synthesis = nil
        self.answer?.unplayed[clause] = nil
        if failures < 4, !isMute, !rest.isEmpty {
            self.answer?.failures = failures
            self.answer?.waiting.insert(rest, at: 0)
            self.answer?.retry = now + 0.5 * Double(failures)
        } else {
            self.answer?.failures = 0
            guard !isMute, !rest.isEmpty else { return }
            isMute = true
            tell(.error("Her voice is not available at the moment; the answer is shown as text."))
            tell(.server(abilities))
        }
    }

    mutating func takePlayout(_ event: PlayoutEvent) {
        guard let answer else { return }
        switch event {
        case .started(answer.generation, _):
            guard !answer.isAudible else { return }
            self.answer?.isAudible = true
            self.answer?.timings.firstAudio = now - answer.asked
            send(.botStartedSpeaking)
            report()
        case .played(answer.generation, let clause):
            guard let text = answer.unplayed[clause] else { return }
            self.answer?.unplayed[clause] = nil
            send(.output(BotOutput(text: text, segment: clause, isSpoken: true, status: .completed, said: text)))
        default: break
        }
    }

    mutating func considerCompletion() {
        guard let answer, answer.stage == .standing, answer.isFinished, answer.isPlayed else { return }
        if answer.isVoiced { send(.ttsStopped) }
        if answer.isAudible { send(.botStoppedSpeaking) }
        report()
        if !answer.isCanned { actions.append(.complete(reply: answer.id)) }
        self.answer = nil
    }

    /// Tells how long the turn's stages took, once.
    private mutating func report() {
        guard let answer, !answer.isCanned, !answer.isRecorded else { return }
        self.answer?.isRecorded = true
        actions.append(.record(answer.timings))
        send(.metrics(answer.timings))
        send(.server(.timings(answer.timings)))
    }
}
