import Companion

/// Beginning, keeping and following replies.
extension Turn {
    /// Has the companion answer `text`, as a guess until ``commit()``.
    mutating func begin(
        _ text: String, _ stage: Answer.Stage, asked: Double, isCanned: Bool = false, isSpoken: Bool = true
    ) {
        let id = next()
        var timings = TurnTimings(turn: turnCount + 1)
        timings.begin = now - asked
        answer = Answer(
            id: id, generation: id, stage: stage, isCanned: isCanned, isSpoken: isSpoken, asked: asked, begun: now,
            timings: timings)
        actions.append(.expect(generation: id))
        tell(.llmStarted)
        if !isCanned { actions.append(.begin(reply: id, text: (remarks + [text]).joined(separator: "\n"))) }
    }

    /// The turn stands: its reply is no guess any more.
    mutating func commit() {
        guard let answer, answer.stage == .guess else { return }
        self.answer?.stage = .committing
        turnCount += 1
        remarks = []
        actions.append(.commit(reply: answer.id))
    }

    mutating func takeCommit(_ id: Int) {
        guard let answer, answer.id == id, answer.stage == .committing else { return }
        stand()
    }

    private mutating func stand() {
        guard let answer else { return }
        self.answer?.stage = .standing
        self.answer?.held = []
        actions += answer.held.map { .send($0) }
        actions.append(.open(generation: answer.generation))
    }

    /// Says something no model made.
    mutating func say(_ text: String) {
        guard answer == nil, utterance == nil else { return }
        begin(text, .committing, asked: now, isCanned: true)
        stand()
        takeReply(.text(text), of: counter)
        takeReply(.clause(text), of: counter)
        finishText()
    }

    /// Tells the page, as soon as the reply stands.
    mutating func tell(_ event: RTVIEvent) {
        if answer?.stage == .standing { send(event) } else { answer?.held.append(event) }
    }

    mutating func takeReply(_ event: ReplyEvent, of id: Int) {
        guard let answer, answer.id == id else { return }
        switch event {
        case .text(let text):
            if answer.timings.firstToken == nil { self.answer?.timings.firstToken = now - answer.begun }
            self.answer?.shown += text
            tell(.llmText(text))
        case .clause(let text): takeClause(text)
        case .toolStarted(let call):
            self.answer?.openTools.append(call)
            tell(.toolAnnounced(call))
            tell(.toolStarted(call))
        case .toolFinished(let call, let result, let isError):
            self.answer?.openTools.removeAll { $0.id == call.id }
            tell(.toolStopped(call, result: result, isError: isError))
        case .restarted: restart()
        case .finished: finishText()
        case .failed(let text): fail(shown: text, spoken: text)
        }
    }

    private mutating func takeClause(_ text: String) {
        guard let answer, !answer.isFinished else { return }
        if answer.timings.firstClause == nil { self.answer?.timings.firstClause = now - answer.begun }
        if answer.isSpoken {
            self.answer?.waiting.append(text)
        } else {
            tell(.output(BotOutput(text: text, segment: next(), isSpoken: false, status: .new, said: "")))
        }
    }

    /// The reply so far is void; what follows has a generation of its own, so that no late sound of the void one passes.
    private mutating func restart() {
        guard let answer else { return }
        let generation = next()
        self.answer?.generation = generation
        self.answer?.waiting = []
        self.answer?.synthesis = nil
        self.answer?.unplayed = [:]
        self.answer?.failures = 0
        self.answer?.retry = nil
        self.answer?.shown = ""
        actions.append(.silence)
        actions.append(.expect(generation: generation))
        if answer.stage == .standing { actions.append(.open(generation: generation)) }
        tell(.llmStopped)
        tell(.llmStarted)
        tell(.server(.restarted))
    }

    /// The model has said all.
    mutating func finishText() {
        guard let answer, !answer.isFinished else { return }
        self.answer?.isFinished = true
        tell(.llmStopped)
    }

    /// A reply that could not be begun, or a turn that could not be written down: nothing of it may be shown as said.
    mutating func takeReplyFailure(_ id: Int, _ reason: String) {
        guard let answer, answer.id == id else { return }
        guard answer.stage == .committing else { return fail(shown: reason, spoken: options.failurePhrase) }
        actions.append(.silence)
        self.answer = nil
        send(.error(reason))
        if answer.isSpoken { say(options.failurePhrase) }
    }

    private mutating func fail(shown: String, spoken: String) {
        guard let answer, !answer.isFinished else { return }
        guard answer.isAgreed else {
            // The guess may have failed because it was one: the turn that stands tries again.
            utterance?.guessFailed = true
            return discardGuess()
        }
        tell(.error(shown))
        takeClause(spoken)
        finishText()
    }
}
