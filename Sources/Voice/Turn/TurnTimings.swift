import JSON

/// How long the stages of a turn took, in seconds: the page's latency bars and the metrics are made of it.
public struct TurnTimings: Sendable, Equatable {
    /// Names the turn within its call.
    public var turn: Int
    /// Whether the turn was spoken rather than typed.
    public var isSpoken = true
    /// Whether the reply was begun before the turn was known to be over.
    public var isGuessed = false
    /// From the end of speech until the turn was over.
    public var silence: Double?
    /// The decode of the turn's words.
    public var decode: Double?
    /// The words were there, so long after the end of speech.
    public var transcript: Double?
    /// The reply was begun, so long after the end of speech (or after the text came).
    public var begin = 0.0
    /// From there to the reply's first text.
    public var firstToken: Double?
    /// From there to the first clause.
    public var firstClause: Double?
    /// From asking for the first clause's sound to its first chunk.
    public var synthesis: Double?
    /// From the end of speech (or the text) to the first sample that left.
    public var firstAudio: Double?

    /// Timings of which only the turn is known.
    public init(turn: Int) {
        self.turn = turn
    }

    /// As the page is told: the stages in milliseconds, one after the other but for those that overlap.
    package var json: JSONValue {
        var stages = JSONObject()
        for case (let name, let seconds?) in self.stages { stages[name] = .integer(Int((seconds * 1000).rounded())) }
        return [
            "type": "turn-metrics", "turn": .integer(turn), "spoken": .bool(isSpoken), "speculative": .bool(isGuessed),
            "stages": .object(stages),
        ]
    }

    private var stages: [(String, Double?)] {
        [
            ("silence", silence), ("decode", decode), ("transcript", transcript), ("begin", begin),
            ("first_token", firstToken), ("first_clause", firstClause.map { $0 - (firstToken ?? 0) }),
            ("synthesis", synthesis), ("total", firstAudio),
        ]
    }

    /// As RTVI's metrics have them: times to first byte by stage, in seconds.
    package var metrics: JSONValue {
        func entries(_ values: [(String, Double?)]) -> JSONValue {
            .array(
                values.compactMap { name, value in
                    value.map { ["processor": .string(name), "value": .number($0)] }
                })
        }
        return [
            "ttfb": entries([("stt", transcript), ("llm", firstToken), ("tts", synthesis)]),
            "processing": entries([("stt", decode), ("turn", silence), ("total", firstAudio)]),
        ]
    }
}

/// Keeps what calls measure; called from the call's task, so it must not wait.
public protocol CallMetrics: Sendable {
    /// A turn became audible, or ended without sound.
    func turn(_ timings: TurnTimings)
    /// She fell silent, so many seconds after the user began to break in.
    func bargeIn(_ seconds: Double)
    /// Sound came late: this many seconds of silence stood inside a clause.
    func gap(_ seconds: Double)
}
