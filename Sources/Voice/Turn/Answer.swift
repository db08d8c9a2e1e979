import Companion

/// What she says, from the first guess to the last word heard.
struct Answer {
    /// How far it is agreed on.
    enum Stage {
        /// Begun early; may be thrown away, and nothing of it may be heard or shown.
        case guess
        /// The user's words are being written down.
        case committing
        /// It stands.
        case standing
    }

    /// A clause whose sound is being made.
    struct Synthesis {
        let clause: Int
        let text: String
        let asked: Double
    }

    /// The reply's generation.
    let id: Int
    /// The generation of its sound: the reply's, or a newer one after a restart.
    var generation: Int
    var stage: Stage
    /// Whether no reply of the companion is behind it: a greeting, or an apology for one that could not be begun.
    let isCanned: Bool
    /// Whether it is to be heard; else only shown.
    let isSpoken: Bool
    /// What to tell the page once it stands.
    var held: [RTVIEvent] = []
    /// Text shown.
    var shown = ""
    /// Clauses to be made into sound.
    var waiting: [String] = []
    var synthesis: Synthesis?
    /// Clauses made or being made and not wholly played, by number.
    var unplayed: [Int: String] = [:]
    /// The model has said all.
    var isFinished = false
    var openTools: [ToolCall] = []
    /// Whether any of it was heard.
    var isAudible = false
    /// Whether speech synthesis was begun at all.
    var isVoiced = false
    /// Failures of synthesis in a row, and when to try again.
    var failures = 0
    var retry: Double?
    /// When the user finished speaking (or the text came), and when it was begun.
    let asked: Double
    let begun: Double
    var timings: TurnTimings
    /// Whether the timings were told.
    var isRecorded = false

    /// Whether it can no longer be thrown away.
    var isAgreed: Bool { stage != .guess }
    /// Whether all was made and played.
    var isPlayed: Bool { waiting.isEmpty && synthesis == nil && unplayed.isEmpty }
}
