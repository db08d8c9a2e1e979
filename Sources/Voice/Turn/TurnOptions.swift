/// How turns are taken. All times are in seconds.
public struct TurnOptions: Sendable, Equatable {
    /// Speech that makes an onset.
    public var onset = 0.096
    /// Sound before the onset that belongs to the utterance: the detector is late by a syllable.
    public var preRoll = 0.4
    /// Time between decodes while the user speaks; it grows with their cost.
    public var partialPeriod = 0.6
    /// Silence after which the turn is decoded as if it were over.
    public var decodeAfter = 0.064
    /// Silence after which the turn model is asked; most gaps between words are shorter.
    public var askAfter = 0.128
    /// Silence the recogniser is given after the last word.
    public var trailingSilence = 0.3
    /// Silence the turn model is given after the last word; it was trained on 0.2 s.
    public var turnModelSilence = 0.2
    /// Length from which a piece of a long turn is kept as it is at the next pause.
    public var pieceGoal = 8.0
    /// Length at which a piece is cut, pause or not.
    public var pieceLimit = 20.0
    /// Length at which a turn is answered, finished or not.
    public var turnLimit = 600.0
    /// Speech in which nothing was recognised is dropped after this silence.
    public var emptyAfter = 0.35
    /// Clauses made ahead of the one being played.
    public var clausesAhead = 2
    /// When the user may break in.
    public var interruption = InterruptionOptions()
    /// Said when the model fails.
    public var failurePhrase = "Sorry, something went wrong. Please say that again."

    /// The defaults.
    public init() {}
}

/// When speech while she speaks is an interruption, and when it is not.
public struct InterruptionOptions: Sendable, Equatable {
    /// Speech shorter than this, in seconds, never is: a cough.
    public var minimumSpeech = 0.22
    /// Speech, in seconds, after which one recognised word is enough; before, it takes two.
    public var certainWord = 0.5
    /// Speech, in seconds, that is one even when the recogniser gives no answer.
    public var certainSpeech = 1.2
    /// Silence, in seconds, after which what was no interruption is over and she goes on.
    public var settle = 0.2
    /// What people say to show that they listen.
    public var backchannels: Set<String> = [
        "mhm", "mm", "mmm", "hmm", "hm", "mm-hmm", "mm-hm", "uh-huh", "uhhuh", "uh", "huh", "ah", "aha", "oh", "yeah",
        "yep", "yes", "yup", "okay", "ok", "right", "sure", "i", "see", "cool", "nice", "great", "wow", "alright",
    ]
    /// More words than this are an interruption even if they are all ``backchannels``.
    public var mostBackchannels = 3

    /// The defaults.
    public init() {}

    /// Whether `text` says something, other than that its speaker listens.
    package func isMeant(_ text: String) -> Bool {
        let words = Self.words(of: text)
        return words.count > mostBackchannels || words.contains { !backchannels.contains($0) }
    }

    /// Words of letters, digits and inner hyphens or apostrophes, in lower case.
    package static func words(of text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "'") }
            .map { $0.trimmingSuffix { $0 == "-" || $0 == "'" } }
            .filter { word in word.contains { $0.isLetter || $0.isNumber } }
            .map(String.init)
    }
}
