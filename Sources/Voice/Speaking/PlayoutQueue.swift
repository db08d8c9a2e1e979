/// What is to be played, as a value: one generation of sound at a time, of which every sample drawn is accounted for.
struct PlayoutQueue {
    /// Samples over which sound fades in and out: 10 ms.
    static let ramp = 240

    /// The newest generation there was, and whether its sound is still taken in; older sound is refused.
    private var generation = 0
    private var isCurrent = false
    /// Whether that sound may be heard: it may be made before its turn stands.
    private(set) var isOpen = false
    private var isPaused = false
    private var clauses: [ClauseAudio] = []
    /// Text of clauses wholly played.
    private var played: [String] = []
    /// The last of a generation that was cut off, already faded.
    private var tail: [Int16] = []
    /// Loudness, 0 to 1, moving towards what it should be.
    private var gain: Float = 1
    private var hasBegun = false
    private var wasSound = false
    private var starved = 0

    /// Takes in the sound of `generation` and refuses all other from now on.
    mutating func begin(_ generation: Int) {
        guard generation > self.generation else { return }
        _ = flush()
        self.generation = generation
        isCurrent = true
    }

    /// Lets the generation's sound be heard.
    mutating func open(_ generation: Int) {
        guard accepts(generation), !isOpen else { return }
        isOpen = true
        gain = isPaused ? 0 : 1
    }

    /// Fades out and stands still, or goes on.
    mutating func setPaused(_ paused: Bool) {
        isPaused = paused
        // Sound that comes while she stands still must not begin with a fade.
        if paused, !wasSound { gain = 0 }
    }

    /// Stops the generation where it is; nothing of it is played any more but a fading 10 ms.
    ///
    /// - Returns: The text that was heard of it.
    mutating func flush() -> String {
        let heard = (played + clauses.map(\.heard)).filter { !$0.isEmpty }.joined(separator: " ")
        if isOpen, wasSound { tail = fadingTail() }
        clauses = []
        played = []
        hasBegun = false
        starved = 0
        isOpen = false
        isCurrent = false
        return heard
    }

    mutating func beginClause(_ id: Int, text: String, of generation: Int) {
        guard accepts(generation) else { return }
        clauses.append(ClauseAudio(id: id, text: text))
    }

    mutating func append(_ samples: [Int16], to id: Int, of generation: Int) -> Bool {
        guard accepts(generation), let index = clauses.lastIndex(where: { $0.id == id }) else { return false }
        clauses[index].append(samples)
        return true
    }

    mutating func endClause(_ id: Int, of generation: Int) -> [PlayoutEvent] {
        guard accepts(generation), let index = clauses.lastIndex(where: { $0.id == id }) else { return [] }
        clauses[index].isComplete = true
        return retirePlayed()
    }

    /// Ends a clause whose making failed where it was heard.
    ///
    /// - Returns: The words that were not, or nil when the clause is not there.
    mutating func abandonClause(_ id: Int, of generation: Int) -> String? {
        guard accepts(generation), let index = clauses.lastIndex(where: { $0.id == id }) else { return nil }
        let heard = clauses[index].heard
        let rest = String(clauses[index].text.dropFirst(heard.count).drop { $0.isWhitespace })
        if !heard.isEmpty { played.append(heard) }
        clauses.remove(at: index)
        return rest
    }

    /// Fills `frame`; says whether it holds sound, and what happened on the way.
    mutating func read(into frame: UnsafeMutableBufferPointer<Int16>) -> (isSound: Bool, events: [PlayoutEvent]) {
        var events: [PlayoutEvent] = []
        var written = drawTail(into: frame)
        while written < frame.count {
            let room = UnsafeMutableBufferPointer(rebasing: frame[written...])
            let count = drawSpeech(into: room, &events)
            guard count > 0 else { break }
            written += count
        }
        if written < frame.count { noteSilence(frame.count - written) }
        for index in written..<frame.count { frame[index] = 0 }
        wasSound = written == frame.count
        if isPaused, !wasSound { gain = 0 }
        return (written > 0, events)
    }
}

extension PlayoutQueue {
    private var isPlaying: Bool { isOpen && !isPaused }

    private func accepts(_ generation: Int) -> Bool { isCurrent && generation == self.generation }

    private mutating func drawTail(into frame: UnsafeMutableBufferPointer<Int16>) -> Int {
        let count = min(tail.count, frame.count)
        for index in 0..<count { frame[index] = tail[index] }
        tail.removeFirst(count)
        return count
    }

    private mutating func drawSpeech(
        into frame: UnsafeMutableBufferPointer<Int16>, _ events: inout [PlayoutEvent]
    ) -> Int {
        guard isOpen, let first = clauses.first else { return 0 }
        let allowed = isPaused ? Int((gain * Float(Self.ramp)).rounded()) : frame.count
        let room = UnsafeMutableBufferPointer(rebasing: frame[..<min(allowed, frame.count)])
        guard !room.isEmpty else { return 0 }
        let isStart = first.drawn == 0
        let count = clauses[0].draw(into: room)
        guard count > 0 else { return 0 }
        if isStart { events.append(.started(generation: generation, clause: first.id)) }
        if starved > 0, hasBegun {
            events.append(.gap(generation: generation, seconds: Double(starved) / Double(ClauseAudio.sampleRate)))
            gain = 0
        }
        starved = 0
        hasBegun = true
        fade(UnsafeMutableBufferPointer(rebasing: room[..<count]), towards: isPlaying ? 1 : 0)
        if isPlaying, count < frame.count, !clauses[0].isComplete { fadeOutBeforeGap(room, count) }
        events += retirePlayed()
        return count
    }

    /// Silence in the midst of a clause is a gap; before its turn, while paused or between clauses it is not.
    private mutating func noteSilence(_ samples: Int) {
        guard isPlaying, hasBegun, let first = clauses.first, first.drawn > 0, !first.isComplete else { return }
        starved += samples
    }

    private mutating func retirePlayed() -> [PlayoutEvent] {
        var events: [PlayoutEvent] = []
        while let first = clauses.first, first.isPlayed {
            if first.total > 0 { played.append(first.text) }
            events.append(.played(generation: generation, clause: first.id))
            clauses.removeFirst()
        }
        return events
    }

    private mutating func fade(_ samples: UnsafeMutableBufferPointer<Int16>, towards target: Float) {
        guard gain != target else { return }
        let step: Float = 1 / Float(Self.ramp)
        for index in samples.indices {
            gain = gain < target ? min(target, gain + step) : max(target, gain - step)
            samples[index] = Int16(Float(samples[index]) * gain)
        }
        if !isPlaying, gain < step { gain = 0 }
    }

    /// The next chunk is late: a hard edge would click.
    private mutating func fadeOutBeforeGap(_ samples: UnsafeMutableBufferPointer<Int16>, _ count: Int) {
        let length = min(count, Self.ramp)
        for index in 0..<length {
            let position = count - length + index
            samples[position] = Int16(Float(samples[position]) * Float(length - index) / Float(length))
        }
        gain = 0
    }

    private mutating func fadingTail() -> [Int16] {
        let length = Int(gain * Float(Self.ramp))
        guard length > 0, !clauses.isEmpty else { return [] }
        let level = gain
        return Array<Int16>(unsafeUninitializedCapacity: length) { buffer, initialized in
            initialized = clauses[0].draw(into: buffer)
            for index in 0..<initialized {
                buffer[index] = Int16(Float(buffer[index]) * level * Float(length - index) / Float(length))
            }
        }
    }
}
