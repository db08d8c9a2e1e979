import Companion
import Locking
import Voice

/// What a scripted reply does.
enum ScriptedReply {
    case text(String), clause(String), tool(ToolCall), toolResult(ToolCall, String), restarted, failed(String), finished

    var event: ReplyEvent {
        switch self {
        case .text(let text): .text(text)
        case .clause(let text): .clause(text)
        case .tool(let call): .toolStarted(call)
        case .toolResult(let call, let result): .toolFinished(call, result: result, isError: false)
        case .restarted: .restarted
        case .failed(let text): .failed(text)
        case .finished: .finished(ReplySummary(text: "", firstToken: nil, firstClause: nil, total: 0))
        }
    }
}

/// A whole call on a clock of its own: a turn, a playout, and stages that take as long as their script says. It runs in
/// microseconds, and to the millisecond the same each time.
final class Simulation {
    var script = Script()
    var stages = Stages()
    /// When the microphone sends its last window.
    var microphoneStops = Double.infinity
    private(set) var now = 0.0
    private(set) var actions: [(time: Double, action: TurnAction)] = []
    /// 20 ms frames as they left: the generations heard in them at full loudness, and how loud they were.
    private(set) var frames: [(time: Double, generations: Set<Int>, peak: Int16)] = []
    /// What the history would hold.
    private(set) var history: [String] = []
    /// Texts with which a reply was begun, by generation.
    private(set) var begun: [Int: String] = [:]

    private struct Chunk {
        var time: Double
        var generation: Int
        var clause: Int
        var seconds: Double
        var isLast = false
        var isFailure = false
    }

    private var turn: Turn
    private let playout: Playout
    private let playoutEvents: Locked<[PlayoutEvent]>
    private var pending: [(time: Double, order: Int, input: TurnInput)] = []
    private var sound: [Chunk] = []
    private var order = 0
    private var window = 0
    private var cancelled: Set<Int> = []
    private var decodes = 0
    private var syntheses = 0

    init(_ options: TurnOptions = TurnOptions(), strategy: any EndOfTurnStrategy = SmartTurn()) {
        turn = Turn(options: options, strategy: strategy)
        let events = Locked<[PlayoutEvent]>([])
        playoutEvents = events
        playout = Playout { event in events.withLock { $0.append(event) } }
    }

    var phase: TurnPhase { turn.phase }

    /// Hands the turn something at that time.
    func schedule(_ input: TurnInput, at time: Double) {
        order += 1
        pending.append((time, order, input))
    }

    /// Lets time pass, from one event to the next.
    func run(until end: Double) {
        while true {
            let window = Double(window + 1) * 0.032
            let frame = Double(frames.count + 1) * 0.02
            let events = [pending.map(\.time).min(), sound.map(\.time).min(), turn.wake].compactMap { $0 }
            let next = max(now, ([window < microphoneStops ? window : frame, frame] + events).min() ?? frame)
            guard next <= end else { break }
            now = next
            deliver()
            if window <= now, window < microphoneStops { hear() }
            if frame <= now { draw() }
            if let wake = turn.wake, now >= wake { give(.tick) }
        }
        now = end
    }

    private func hear() {
        let start = window * 512
        window += 1
        give(.window(start: start, probability: script.probability(at: Double(start) / 16_000)))
    }

    private func draw() {
        var frame = [Int16](repeating: 0, count: 480)
        _ = frame.withUnsafeMutableBufferPointer { playout.read(into: $0) }
        // A sample tells whose it is; in a fade no two in a row are equal.
        var generations: Set<Int> = []
        var peak: Int16 = 0
        for index in stride(from: 9, to: 480, by: 40) where frame[index] > 0 {
            peak = max(peak, frame[index])
            if frame[index] == frame[index - 1] { generations.insert(Int(frame[index]) - 20_000) }
        }
        frames.append((now, generations, peak))
        for event in playoutEvents.withLock({ events in
            defer { events = [] }
            return events
        }) { give(.playout(event)) }
    }

    private func deliver() {
        let due = pending.filter { $0.time <= now + 1e-9 }.sorted { ($0.time, $0.order) < ($1.time, $1.order) }
        pending.removeAll { $0.time <= now + 1e-9 }
        for entry in due { give(entry.input) }
        let made = sound.filter { $0.time <= now + 1e-9 }
        sound.removeAll { $0.time <= now + 1e-9 }
        for chunk in made { arrive(chunk) }
    }

    private func arrive(_ chunk: Chunk) {
        if chunk.isFailure {
            guard let rest = playout.abandonClause(chunk.clause, of: chunk.generation) else { return }
            give(.synthesisFailed(generation: chunk.generation, clause: chunk.clause, rest: rest))
            return
        }
        let samples = [Int16](repeating: Int16(20_000 + chunk.generation), count: Int(chunk.seconds * 24_000))
        guard playout.append(samples, to: chunk.clause, of: chunk.generation) else { return }
        if chunk.isLast {
            playout.endClause(chunk.clause, of: chunk.generation)
            give(.synthesised(generation: chunk.generation, clause: chunk.clause))
        } else {
            give(.synthesisBegan(generation: chunk.generation, clause: chunk.clause))
        }
    }

    /// Gives the turn an input now, and does what it answers.
    func give(_ input: TurnInput) {
        for action in turn.handle(input, at: now) {
            actions.append((now, action))
            perform(action)
        }
    }

    private func perform(_ action: TurnAction) {
        switch action {
        case .decode(let request): decode(request)
        case .cancelDecode(let id): cancelled.insert(id)
        case .askEndOfTurn(let id, _, _):
            schedule(.endOfTurn(id: id, probability: stages.endOfTurn.probability), at: now + stages.endOfTurn.delay)
        case .begin(let reply, let text): begin(reply, text)
        case .commit(let reply):
            guard begun[reply] != nil else { return }
            history.append("user: \(begun[reply] ?? "")")
            schedule(.committed(id: reply), at: now + stages.commit)
        case .interrupt(_, let shown): history.append("cut: \(shown ?? playout.flush())")
        case .complete(let reply): history.append("said: \(begun[reply] ?? "")")
        case .expect(let generation): playout.begin(generation)
        case .synthesize(let generation, let clause, let text): synthesize(generation, clause, text)
        case .open(let generation): playout.open(generation)
        case .silence: _ = playout.flush()
        case .setPaused(let paused): playout.setPaused(paused)
        case .prepare, .discard, .send, .record, .recordBargeIn, .forget: break
        }
    }

    private func decode(_ request: DecodeRequest) {
        decodes += 1
        let start = Double(request.samples.lowerBound) / 16_000
        let end = Double(request.samples.upperBound) / 16_000
        let time = now + stages.decode(end - start + Double(request.padding) / 16_000)
        if stages.decodeFails(decodes) {
            schedule(.decodeFailed(id: request.id), at: time)
        } else {
            schedule(.decoded(id: request.id, text: script.transcript(from: start, to: end)), at: time)
        }
    }

    private func begin(_ reply: Int, _ text: String) {
        if stages.beginFails(text) {
            schedule(.replyFailed(id: reply, "the model is away"), at: now + 0.005)
            return
        }
        begun[reply] = text
        for (delay, part) in stages.reply(text) { schedule(.reply(id: reply, part.event), at: now + delay) }
    }

    private func synthesize(_ generation: Int, _ clause: Int, _ text: String) {
        syntheses += 1
        playout.beginClause(clause, text: text, of: generation)
        let length = stages.length(text)
        let first = now + stages.synthesis(text)
        let fails = stages.synthesisFails(syntheses)
        sound.append(Chunk(time: first, generation: generation, clause: clause, seconds: length / 2))
        sound.append(
            Chunk(
                time: first + (fails ? 0.1 : 0.03), generation: generation, clause: clause, seconds: length / 2,
                isLast: true, isFailure: fails))
    }
}
