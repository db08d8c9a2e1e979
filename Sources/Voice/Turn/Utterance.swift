/// What the user is saying: a turn, or what may become one.
struct Utterance {
    /// A stretch of a long turn whose text is kept as it is.
    struct Piece {
        var start: Int
        var decode: Int?
        var text: String?
    }

    /// A decode that is under way.
    struct Decode {
        let id: Int
        /// End of the speech it covers.
        let covers: Int
        let asked: Double
        /// Seconds of speech in it.
        let speech: Double
    }

    /// What was recognised, and the end of the speech it covers.
    struct Transcript {
        var text: String
        var covers: Int
        /// Seconds of speech in it, and how long the decode took.
        var speech: Double
        var cost: Double
        var arrived: Double
    }

    /// When it began.
    let began: Double
    /// Whether it is a turn of the user's; until then it may be a cough while she speaks.
    var isTurn = false
    /// Whether the page was told that the user speaks.
    var isAnnounced = false
    /// Earlier pieces.
    var pieces: [Piece] = []
    /// Where the open piece starts, with its pre-roll.
    var start: Int
    /// End of the last speech, and when it was heard.
    var voicedEnd: Int
    var voicedEndTime: Double
    /// Windows that held speech.
    var voicedWindows: Int
    /// Speech has paused.
    var isPausing = false
    /// Voiced windows in a row since it paused.
    var resumption = 0
    /// Nothing more will come: the microphone was switched off, or the turn is too long.
    var isClosed = false
    /// The decode of the open piece that is under way.
    var decode: Decode?
    /// The open piece's newest text.
    var transcript: Transcript?
    /// The turn model's answer for the pause that began at `covers`, asked under `id`.
    var end: (id: Int, covers: Int, probability: Float?)?
    /// When the next partial decode may start, on the sample clock.
    var nextPartial: Int
    /// Failed decodes in a row, and when to try again.
    var failures = 0
    var retry: Double?
    /// What the companion was last told to read ahead.
    var prepared = ""
    /// From the first speech until she was told to stand still.
    var yieldedAfter: Double?
    /// A guess failed: only a turn that stands begins a reply.
    var guessFailed = false
    /// The calmest window of late, where a piece that grows too long is cut.
    var calmest: (position: Int, probability: Float)?

    /// Seconds of speech.
    var speech: Double { Double(voicedWindows * SpeechBuffer.window) / Double(SpeechBuffer.sampleRate) }

    /// Whether the text covers all speech, pieces included.
    var isCovered: Bool { transcript?.covers == voicedEnd && !pieces.contains { $0.text == nil } }

    /// All text there is.
    var text: String {
        (pieces.compactMap(\.text) + [transcript?.text ?? ""]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The first sample still needed.
    var oldestNeeded: Int { pieces.filter { $0.text == nil }.map(\.start).min() ?? start }

    /// Takes in the next window.
    ///
    /// - Returns: Whether speech goes on after a pause. Two windows make sure that it does: one may be a breath.
    mutating func follow(voiced: Bool, end position: Int, at now: Double) -> Bool {
        guard !isClosed else { return false }
        if voiced { voicedWindows += 1 }
        guard isPausing else {
            if voiced {
                voicedEnd = position
                voicedEndTime = now
            } else {
                isPausing = true
                resumption = 0
            }
            return false
        }
        resumption = voiced ? resumption + 1 : 0
        guard resumption >= 2 else { return false }
        isPausing = false
        resumption = 0
        voicedEnd = position
        voicedEndTime = now
        return true
    }
}
