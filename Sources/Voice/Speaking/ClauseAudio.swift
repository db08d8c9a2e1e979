/// One clause's sound on its way out: chunks as they were made, and how far they have been played.
struct ClauseAudio {
    /// Samples a second of all that is spoken.
    static let sampleRate = 24_000
    /// Samples a letter takes, for clauses whose end is not made yet: about 15 letters a second.
    private static let samplesPerLetter = 1_600

    /// Names the clause within its call.
    let id: Int
    /// What it says.
    let text: String
    /// No more sound will come.
    var isComplete = false
    /// Samples played.
    private(set) var drawn = 0
    private(set) var total = 0
    private var chunks: [[Int16]] = []
    private var head = 0
    private var offset = 0

    init(id: Int, text: String) {
        self.id = id
        self.text = text
    }

    /// Samples that could be played now.
    var available: Int { total - drawn }
    /// All was made and played.
    var isPlayed: Bool { isComplete && available == 0 }

    /// The words played so far.
    var heard: String {
        if isPlayed { return total == 0 ? "" : text }
        let length = isComplete ? total : max(total, text.count * Self.samplesPerLetter)
        return length == 0 ? "" : HeardText.prefix(of: text, fraction: Double(drawn) / Double(length))
    }

    mutating func append(_ samples: [Int16]) {
        guard !samples.isEmpty, !isComplete else { return }
        chunks.append(samples)
        total += samples.count
    }

    /// Moves up to `frame.count` samples into `frame`, and says how many.
    mutating func draw(into frame: UnsafeMutableBufferPointer<Int16>) -> Int {
        var written = 0
        while written < frame.count, head < chunks.count {
            let count = min(frame.count - written, chunks[head].count - offset)
            chunks[head].withUnsafeBufferPointer { chunk in
                for index in 0..<count { frame[written + index] = chunk[offset + index] }
            }
            written += count
            offset += count
            if offset == chunks[head].count {
                // Played sound is let go at once: a reply may be minutes long.
                chunks[head] = []
                head += 1
                offset = 0
            }
        }
        drawn += written
        return written
    }
}
