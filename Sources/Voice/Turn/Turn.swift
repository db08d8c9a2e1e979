import Companion

/// Who speaks when, as a state machine without any input or output of its own: it is told what happens and answers with
/// what is to be done.
///
/// It is the one owner of interruption. Every reply and all sound bear a generation; what comes in of another generation
/// than the current one is dropped here, and what goes out of one is refused by ``Playout``.
///
/// Each input changes what is known; then the same questions are asked of it, in the same order: is this an interruption,
/// is something to be decoded, is the turn over, what is to be spoken, has all been heard. So it does not matter in which
/// order the stages answer.
package struct Turn: ~Copyable {
    let options: TurnOptions
    let strategy: any EndOfTurnStrategy
    var now = 0.0
    var actions: [TurnAction] = []
    var detector: SpeechDetector
    /// End of the last window on the sample clock, and when it came.
    var position = 0
    var lastWindow = 0.0
    /// Up to where the microphone's sound belongs to turns that are over.
    var consumed = 0
    var utterance: Utterance?
    var answer: Answer?
    /// Typed to be told with the next turn.
    var remarks: [String] = []
    /// The last number given out to a generation, a decode or a clause.
    var counter = 0
    /// Turns answered so far.
    var turnCount = 0
    var isAway = false
    var isPaused = false
    /// Whether speech is heard at all, and whether the last clause could not be made into sound.
    var isDeaf = false
    var isMute = false
    var toldPhase = TurnPhase.listening

    /// A call in which nothing was said yet.
    package init(options: TurnOptions = TurnOptions(), strategy: any EndOfTurnStrategy = SmartTurn()) {
        self.options = options
        self.strategy = strategy
        detector = SpeechDetector(onset: max(1, Self.windows(options.onset)))
    }

    /// Takes in what happened at `time` seconds, and says what is to be done about it.
    package mutating func handle(_ input: TurnInput, at time: Double) -> [TurnAction] {
        now = max(now, time)
        take(input)
        considerInterruption()
        considerDecoding()
        considerEnd()
        considerPreparing()
        considerSpeaking()
        considerCompletion()
        considerPause()
        considerPhase()
        defer { actions = [] }
        return actions
    }

    /// When to be called next though nothing happens; nil when there is nothing to wait for.
    package var wake: Double? {
        let stall = lastWindow + Self.stall
        return [utterance.map { _ in now < stall ? stall : now + 0.1 }, utterance?.retry, answer?.retry]
            .compactMap { $0 }.filter { $0 > now }.min()
    }

    /// What the call is doing.
    package var phase: TurnPhase {
        if let answer, answer.isAgreed {
            if utterance?.isTurn == false { return .yielding }
            return answer.isAudible && !answer.unplayed.isEmpty ? .speaking : .thinking
        }
        guard let utterance, utterance.isTurn else { return .listening }
        return utterance.isPausing && silence >= options.decodeAfter ? .pausing : .hearing
    }

    /// The reply that may be heard, or is a guess; nil when there is none. `read` is the text shown of one that is read
    /// rather than heard.
    package var currentReply: (id: Int, isAgreed: Bool, read: String?)? {
        answer.map { ($0.id, $0.isAgreed, readText(of: $0)) }
    }

    private mutating func take(_ input: TurnInput) {
        switch input {
        case .window(let start, let probability): hear(start: start, probability: probability)
        case .decoded(let id, let text): takeTranscript(text, of: id)
        case .decodeFailed(let id): takeDecodeFailure(id)
        case .endOfTurn(let id, let probability):
            if utterance?.end?.id == id { utterance?.end?.probability = probability }
        case .reply(let id, let event): takeReply(event, of: id)
        case .replyEnded(let id): if answer?.id == id { finishText() }
        case .replyFailed(let id, let reason): takeReplyFailure(id, reason)
        case .committed(let id): takeCommit(id)
        case .synthesisBegan(let generation, let clause): takeFirstSound(generation, clause)
        case .synthesised(let generation, let clause): takeSound(generation, clause)
        case .synthesisFailed(let generation, let clause, let rest): takeSoundFailure(generation, clause, rest)
        case .playout(let event): takePlayout(event)
        case .typed(let typed): takeTyped(typed)
        case .say(let text): say(text)
        case .stop: interruptAnswer()
        case .microphone(let isOn): if !isOn { closeUtterance() }
        case .hearing(let works): takeHearing(works)
        case .away(let isAway): self.isAway = isAway
        case .tick: noteStall()
        }
    }

    /// A microphone that sends nothing any more has heard the last of the utterance.
    private mutating func noteStall() {
        if utterance != nil, now - lastWindow > Self.stall { utterance?.isPausing = true }
    }

    /// What works at the moment.
    package var abilities: ServerNotice { .abilities(hearing: !isDeaf, speaking: !isMute) }

    private mutating func takeHearing(_ works: Bool) {
        guard isDeaf == works else { return }
        isDeaf = !works
        if isDeaf { send(.error("Speech is not heard at the moment; typing works.")) }
        send(.server(abilities))
    }

    private mutating func considerPause() {
        let isYielding = answer?.isAgreed == true && utterance?.isTurn == false
        let wanted = isAway || isYielding
        guard wanted != isPaused else { return }
        isPaused = wanted
        actions.append(.setPaused(wanted))
        if isYielding {
            utterance?.yieldedAfter = Self.seconds(position - detector.runStart) + max(0, now - lastWindow)
        }
    }

    private mutating func considerPhase() {
        guard phase != toldPhase else { return }
        toldPhase = phase
        send(.server(.phase(phase)))
    }
}

extension Turn {
    /// Seconds without a window after which time itself counts as silence: the microphone has stopped.
    static let stall = 0.4

    static func windows(_ seconds: Double) -> Int {
        Int((seconds * Double(SpeechBuffer.sampleRate) / Double(SpeechBuffer.window)).rounded())
    }

    static func samples(_ seconds: Double) -> Int { Int(seconds * Double(SpeechBuffer.sampleRate)) }

    static func seconds(_ samples: Int) -> Double { Double(samples) / Double(SpeechBuffer.sampleRate) }

    /// Seconds since the last speech of the utterance.
    var silence: Double {
        guard let utterance else { return 0 }
        let stalled = now - lastWindow
        return Self.seconds(position - utterance.voicedEnd) + (stalled > Self.stall ? stalled : 0)
    }

    mutating func send(_ event: RTVIEvent) { actions.append(.send(event)) }

    /// The next number nothing else bears.
    mutating func next() -> Int {
        counter += 1
        return counter
    }
}
