/// What the user says, by the clock of the microphone.
struct Script {
    /// A stretch of sound the detector takes for speech, and the words in it, evenly spaced.
    struct Span {
        var start: Double
        var end: Double
        var words: [String]
    }

    var spans: [Span] = []

    /// Adds speech of that length.
    mutating func say(_ text: String, at start: Double, lasting seconds: Double) {
        spans.append(Span(start: start, end: start + seconds, words: text.split(separator: " ").map(String.init)))
    }

    /// Whether the window that starts at `time` holds speech.
    func probability(at time: Double) -> Float {
        spans.contains { $0.start <= time && time < $0.end } ? 0.95 : 0.02
    }

    /// The words whose middle lies in the range, as a recogniser would put them.
    func transcript(from start: Double, to end: Double) -> String {
        spans.flatMap { span in
            let length = (span.end - span.start) / Double(max(1, span.words.count))
            return span.words.enumerated()
                .filter { index, _ in
                    let middle = span.start + (Double(index) + 0.5) * length
                    return start <= middle && middle < end
                }
                .map(\.element)
        }
        .joined(separator: " ")
    }
}

/// How long the stages take and what they answer. The defaults are what was measured on two cores.
struct Stages {
    /// Seconds to decode so many seconds of sound.
    var decode: (Double) -> Double = { 0.012 + 0.034 * $0 }
    /// Whether a decode fails.
    var decodeFails: (Int) -> Bool = { _ in false }
    /// Seconds until the turn model answers, and its answer.
    var endOfTurn: (delay: Double, probability: Float?) = (0.06, 0.9)
    /// What the reply to a text does, and when after its beginning.
    var reply: (String) -> [(Double, ScriptedReply)] = { text in
        [
            (0.06, .text("You said: ")), (0.08, .text(text)), (0.09, .clause("You said this:")),
            (0.2, .clause("\(text)")), (0.25, .finished),
        ]
    }
    /// Whether the reply to a text cannot be begun.
    var beginFails: (String) -> Bool = { _ in false }
    /// Seconds until the first chunk of a clause.
    var synthesis: (String) -> Double = { 0.08 + 0.002 * Double($0.count) }
    /// Seconds of sound for a clause.
    var length: (String) -> Double = { 0.06 * Double($0.count) }
    /// Whether making a clause's sound fails after its first chunk.
    var synthesisFails: (Int) -> Bool = { _ in false }
    /// Seconds to write down the user's words.
    var commit = 0.003
}
