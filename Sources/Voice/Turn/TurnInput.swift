import Companion

/// All that a turn can learn of.
package enum TurnInput: Sendable {
    /// The next 32 ms of the microphone: the window's first sample, and the probability that it holds speech.
    case window(start: Int, probability: Float)
    /// A decode came back.
    case decoded(id: Int, text: String)
    /// A decode failed.
    case decodeFailed(id: Int)
    /// The turn model answered; nil when there is none.
    case endOfTurn(id: Int, probability: Float?)
    /// A reply reports.
    case reply(id: Int, ReplyEvent)
    /// A reply's events have ended.
    case replyEnded(id: Int)
    /// A reply could not be begun or written down; the text says why.
    case replyFailed(id: Int, String)
    /// The user's words are written down and the reply stands.
    case committed(id: Int)
    /// A clause's first sound was made.
    case synthesisBegan(generation: Int, clause: Int)
    /// A clause's sound is whole.
    case synthesised(generation: Int, clause: Int)
    /// A clause's sound failed; `rest` are its words that were not played.
    case synthesisFailed(generation: Int, clause: Int, rest: String)
    /// What became of sound on its way out.
    case playout(PlayoutEvent)
    /// The user typed.
    case typed(TypedText)
    /// Something to be said that no model made: a greeting.
    case say(String)
    /// The user wants her to be silent.
    case stop
    /// The browser's microphone was switched.
    case microphone(isOn: Bool)
    /// Whether the voice activity detector works.
    case hearing(Bool)
    /// Nobody is there to hear, or somebody is again.
    case away(Bool)
    /// Time has passed.
    case tick
}

/// What a turn wants done, in this order.
package enum TurnAction: Sendable, Equatable {
    /// Turn a stretch of the microphone into text.
    case decode(DecodeRequest)
    /// The decode's text is no longer wanted.
    case cancelDecode(id: Int)
    /// Ask the turn model about a stretch of the microphone, followed by so many samples of silence.
    case askEndOfTurn(id: Int, samples: Range<Int>, padding: Int)
    /// Let the companion read ahead.
    case prepare(String)
    /// Begin the reply of that generation.
    case begin(reply: Int, text: String)
    /// The turn stands.
    case commit(reply: Int)
    /// The reply was a guess, and wrong.
    case discard(reply: Int)
    /// Take back what was not played. `shown` is what a silent reply showed; nil: what was heard counts.
    case interrupt(reply: Int, shown: String?)
    /// The reply was heard to its end.
    case complete(reply: Int)
    /// Expect this generation's sound and refuse all other.
    case expect(generation: Int)
    /// Make a clause's sound.
    case synthesize(generation: Int, clause: Int, text: String)
    /// Let the generation be heard.
    case open(generation: Int)
    /// Stop making and playing sound.
    case silence
    /// Fade out and stand still, or go on.
    case setPaused(Bool)
    /// Tell the page.
    case send(RTVIEvent)
    /// Keep a turn's timings.
    case record(TurnTimings)
    /// She fell silent this many seconds after the user broke in.
    case recordBargeIn(Double)
    /// Nothing before this sample is needed any more.
    case forget(before: Int)
}

/// A stretch of the microphone to be turned into text.
package struct DecodeRequest: Sendable, Equatable {
    /// Why.
    package enum Purpose: Sendable, Equatable {
        /// To show and read ahead what was said so far.
        case partial
        /// Speech has paused: it may be the whole turn.
        case turn
        /// A piece of a long turn, kept as it is.
        case piece
    }

    package var id: Int
    package var samples: Range<Int>
    /// Samples of silence to add: the recogniser loses last words that end with the sound.
    package var padding: Int
    package var purpose: Purpose
}

/// What a call is doing, as the page shows it.
package enum TurnPhase: String, Sendable {
    /// Nobody speaks.
    case listening
    /// The user speaks.
    case hearing
    /// The user pauses; the turn may be over, and a reply may have been begun as a guess.
    case pausing
    /// The turn is over and nothing is heard yet.
    case thinking
    /// She speaks.
    case speaking
    /// She has stopped in mid-sentence, because the user may be breaking in.
    case yielding
}
