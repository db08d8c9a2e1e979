import Voice

/// What tests ask of a call that was simulated.
extension Simulation {
    /// Messages to the page, in order.
    var messages: [RTVIEvent] {
        actions.compactMap { if case .send(let event) = $0.action { event } else { nil } }
    }

    /// When a message was first sent.
    func time(of event: RTVIEvent) -> Double? {
        actions.first { if case .send(event) = $0.action { true } else { false } }?.time
    }

    /// How often a message was sent.
    func count(of event: RTVIEvent) -> Int { messages.count { $0 == event } }

    /// When sound first left at or after `start`.
    func firstSound(after start: Double) -> Double? { frames.first { $0.time >= start && $0.peak > 0 }?.time }

    /// When sound last left before `end`.
    func lastSound(before end: Double) -> Double? { frames.last { $0.time < end && $0.peak > 0 }?.time }

    /// Generations whose sound left.
    var audible: Set<Int> { frames.reduce(into: []) { $0.formUnion($1.generations) } }

    /// Decodes asked for.
    var decodeRequests: [(time: Double, request: DecodeRequest)] {
        actions.compactMap { entry in
            if case .decode(let request) = entry.action { (entry.time, request) } else { nil }
        }
    }

    /// Whether an action of that kind was taken, and how often.
    func count(_ matches: (TurnAction) -> Bool) -> Int { actions.count { matches($0.action) } }

    /// Timings recorded.
    var timings: [TurnTimings] {
        actions.compactMap { if case .record(let timings) = $0.action { timings } else { nil } }
    }
}

extension TurnAction {
    var isBegin: Bool { if case .begin = self { true } else { false } }
    var isCommit: Bool { if case .commit = self { true } else { false } }
    var isDiscard: Bool { if case .discard = self { true } else { false } }
    var isInterrupt: Bool { if case .interrupt = self { true } else { false } }
    var isComplete: Bool { if case .complete = self { true } else { false } }
}
