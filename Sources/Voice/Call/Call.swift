import Companion
import Locking
import Logging
import Speech
import WebRTC

/// A spoken and typed conversation over one line, from its opening to its end.
///
/// ```swift
/// let call = Call(transport: transport, speech: engine, replying: conversation)
/// await call.run()
/// ```
///
/// All decisions are `Turn`'s. The call brings it what happens (on the line, in the speech worker, in the companion)
/// and does what it decides. It outlives failures of both: without hearing there is typing, without a voice there is text.
public actor Call {
    let transport: any CallTransport
    let speech: any SpeechEngine
    let replying: any Replying
    let options: CallOptions
    let metrics: any CallMetrics
    let clock: any CallClock
    let logger: Logger
    let playout: Playout
    let buffer: Locked<SpeechBuffer>
    let lane: ConversationLane
    let post: @Sendable (CallInput) -> Void
    private let inputs: AsyncStream<CallInput>

    var turn: Turn
    var writer: RTVIWriter
    var keepalive = Keepalive()
    var isConnected = true
    var wasGreeted = false
    /// The loudness the page was last told, and when.
    var toldLevel: (level: Float, time: Double) = (0, 0)
    var decodes: [Int: Task<Void, Never>] = [:]
    var synthesis: Task<Void, Never>?
    var preparation: Task<Void, Never>?
    private var alarm: (time: Double, task: Task<Void, Never>)?

    /// A call that begins with ``run()``.
    ///
    /// - Parameters:
    ///   - transport: The line.
    ///   - speech: Hears and speaks.
    ///   - replying: The conversation that answers.
    ///   - options: How the call is held.
    ///   - metrics: Keeps what is measured.
    ///   - clock: The time it lives by.
    ///   - logger: Told what fails, never what is said.
    public init(
        transport: any CallTransport, speech: any SpeechEngine, replying: any Replying,
        options: CallOptions = CallOptions(), metrics: any CallMetrics = NoCallMetrics(),
        clock: any CallClock = SystemCallClock(), logger: Logger = Logger(label: "annie.voice")
    ) {
        let (inputs, continuation) = AsyncStream<CallInput>.makeStream()
        self.inputs = inputs
        post = { continuation.yield($0) }
        playout = Playout { continuation.yield(.turn(.playout($0))) }
        lane = ConversationLane(replying: replying, logger: logger) { continuation.yield(.turn($0)) }
        buffer = Locked(SpeechBuffer(seconds: options.turn.pieceLimit * 2 + 5))
        turn = Turn(options: options.turn, strategy: options.endOfTurn)
        writer = RTVIWriter(libraryVersion: options.version, session: options.session)
        (self.transport, self.speech, self.replying) = (transport, speech, replying)
        (self.options, self.metrics, self.clock, self.logger) = (options, metrics, clock, logger)
    }

    /// Holds the call until the line is gone, and leaves the history as it was heard. Cancelling its task hangs up.
    public func run() async {
        let (frames, microphone) = AsyncStream<[Float]>.makeStream(bufferingPolicy: .bufferingNewest(Ear.backlog))
        let line = Task { [transport, post] in
            for await event in transport.events {
                if case .audio(let samples, _) = event { microphone.yield(samples) } else { post(.line(event)) }
            }
            post(.line(.closed(.local)))
        }
        let ear = Ear(
            speech: speech, buffer: buffer, silenceFloor: options.silenceFloor, clock: clock, logger: logger
        ) { [post] in post(.heard($0)) }
        let listening = Task { await ear.listen(to: frames) }
        let conversing = Task { [lane] in await lane.run() }
        transport.play(playout)
        await withTaskCancellationHandler {
            for await input in inputs where !take(input) { break }
        } onCancel: { [transport] in
            transport.close()
        }
        transport.play(nil)
        transport.close()
        hangUp()
        microphone.finish()
        line.cancel()
        listening.cancel()
        await conversing.value
    }

    /// Takes in what happened; false when the call is over.
    private func take(_ input: CallInput) -> Bool {
        switch input {
        case .turn(let input): advance(input)
        case .line(.closed): return false
        case .line(let event): takeLine(event)
        case .heard(.works(let works)): advance(.hearing(works))
        case .heard(.window(let start, let probability, let level)):
            showLife()
            tellUserLevel(level)
            advance(.window(start: start, probability: probability))
        case .alarm:
            alarm = nil
            keepalive.check(at: clock.now)
            advance(.tick)
            advance(.away(!isConnected || keepalive.isGone))
        }
        setAlarm()
        return true
    }

    func advance(_ input: TurnInput) {
        switch input {
        case .decoded(let id, _), .decodeFailed(let id), .endOfTurn(let id, _): decodes[id] = nil
        default: break
        }
        for action in turn.handle(input, at: clock.now) { perform(action) }
        if case .playout(let event) = input { takePlayout(event) }
    }

    /// One alarm for all that waits: nothing ticks while nothing is to be done. What is put off while sound comes in lets
    /// it ring too early now and then, which costs less than setting it anew with each window.
    private func setAlarm() {
        guard let time = [turn.wake, keepalive.deadline].compactMap({ $0 }).min() else { return }
        guard time < alarm?.time ?? .infinity else { return }
        alarm?.task.cancel()
        let task = Task { [clock, post] in
            guard (try? await clock.sleep(until: time)) != nil else { return }
            post(.alarm)
        }
        alarm = (time, task)
    }

    /// What was heard up to here stays in the history; a guess leaves nothing.
    private func hangUp() {
        let heard = playout.flush()
        if let reply = turn.currentReply {
            lane.add(reply.isAgreed ? .interrupt(reply.id, heard: reply.read ?? heard) : .discard(reply.id))
        }
        lane.finish()
        alarm?.task.cancel()
        synthesis?.cancel()
        preparation?.cancel()
        decodes.values.forEach { $0.cancel() }
    }
}

/// What reaches a call, from wherever it comes.
enum CallInput: Sendable {
    case turn(TurnInput)
    case line(CallEvent)
    case heard(EarReport)
    /// It is time to look again.
    case alarm
}
