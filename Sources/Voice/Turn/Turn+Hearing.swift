/// Following what the user says, and having it decoded.
extension Turn {
    mutating func hear(start: Int, probability: Float) {
        position = start + SpeechBuffer.window
        lastWindow = now
        let isVoiced = detector.hear(probability, at: start)
        if utterance == nil {
            if detector.hasOnset { openUtterance() }
        } else {
            follow(isVoiced, probability)
        }
        forget()
    }

    private mutating func openUtterance() {
        let start = max(consumed, detector.runStart - Self.samples(options.preRoll))
        let isTurn = answer?.isAgreed != true
        utterance = Utterance(
            began: now, start: start, voicedEnd: position, voicedEndTime: now, voicedWindows: detector.run,
            nextPartial: detector.runStart + Self.samples(isTurn ? 0.5 : options.interruption.minimumSpeech))
        send(.detectedSpeech)
        if isTurn { announceTurn() }
    }

    /// The utterance is a turn of the user's.
    mutating func announceTurn() {
        guard utterance?.isAnnounced == false else {
            utterance?.isTurn = true
            return
        }
        utterance?.isTurn = true
        utterance?.isAnnounced = true
        send(.userStartedSpeaking)
    }

    private mutating func follow(_ isVoiced: Bool, _ probability: Float) {
        let wasCovered = utterance?.isCovered == true
        guard let resumed = utterance?.follow(voiced: isVoiced, end: position, at: now) else { return }
        if resumed { goOn(wasCovered: wasCovered) }
        limitPiece(probability)
        if let utterance, now - utterance.began > options.turnLimit { closeUtterance() }
    }

    /// The user speaks again after a pause: what was guessed of it is void.
    private mutating func goOn(wasCovered: Bool) {
        if answer?.stage == .guess { discardGuess() }
        utterance?.guessFailed = false
        utterance?.end = nil
        guard let utterance, wasCovered, let text = utterance.transcript?.text else { return }
        guard position - utterance.start >= Self.samples(options.pieceGoal) else { return }
        // A long piece ended in this pause: decoding it again with each pause to come would cost more every time.
        self.utterance?.pieces.append(Utterance.Piece(start: utterance.start, text: text))
        startPiece(at: max(utterance.start, position - Self.samples(0.2)))
    }

    private mutating func startPiece(at start: Int) {
        if let decode = utterance?.decode { actions.append(.cancelDecode(id: decode.id)) }
        utterance?.decode = nil
        utterance?.transcript = nil
        utterance?.start = start
        utterance?.calmest = nil
        utterance?.nextPartial = position + Self.samples(options.partialPeriod)
    }

    /// Cuts a piece that has grown too long where it was calmest.
    private mutating func limitPiece(_ probability: Float) {
        guard let utterance, !utterance.isClosed else { return }
        let length = position - utterance.start
        guard length > Self.samples(options.pieceLimit * 0.75) else { return }
        if utterance.calmest.map({ probability <= $0.probability }) ?? true {
            self.utterance?.calmest = (position, probability)
        }
        guard length >= Self.samples(options.pieceLimit), let cut = self.utterance?.calmest?.position else { return }
        let id = next()
        self.utterance?.pieces.append(Utterance.Piece(start: utterance.start, decode: id))
        actions.append(
            .decode(DecodeRequest(id: id, samples: utterance.start..<cut, padding: 0, purpose: .piece)))
        startPiece(at: cut)
    }

    /// Nothing more will come of the utterance.
    mutating func closeUtterance() {
        utterance?.isClosed = true
        utterance?.isPausing = true
        detector.forget()
    }

    /// Lets go of sound nobody needs, twice a second.
    private mutating func forget() {
        guard (position / SpeechBuffer.window) % 16 == 0 else { return }
        let needed = utterance?.oldestNeeded ?? position - Self.samples(options.preRoll + 0.5)
        actions.append(.forget(before: needed))
    }
}
