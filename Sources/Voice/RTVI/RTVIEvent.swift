import Companion
import JSON

/// What the server tells the page, in RTVI's terms.
package enum RTVIEvent: Sendable, Equatable {
    case botReady(id: String)
    case userStartedSpeaking, userStoppedSpeaking
    /// The detector alone heard speech begin or end; she may go on speaking.
    case detectedSpeech, detectedSilence
    case userTranscription(String, isFinal: Bool)
    case llmStarted, llmStopped
    case llmText(String)
    case ttsStarted, ttsStopped
    case ttsText(String)
    case botStartedSpeaking, botStoppedSpeaking, botInterrupted
    case output(BotOutput)
    case toolAnnounced(ToolCall), toolStarted(ToolCall)
    case toolStopped(ToolCall, result: String?, isError: Bool)
    case userLevel(Float), botLevel(Float)
    case metrics(TurnTimings)
    /// What is ours and not RTVI's.
    case server(ServerNotice)
    case response(id: String, type: String)
    case errorResponse(id: String, String)
    case error(String, isFatal: Bool = false)
}

/// A piece of what she says and how much of it has been said.
package struct BotOutput: Sendable, Equatable {
    package enum Status: String, Sendable { case new, inProgress = "in-progress", completed }

    package var text: String
    /// Names the piece within the call.
    package var segment: Int
    package var isSpoken: Bool
    package var status: Status
    /// Of `text`, what has been said.
    package var said: String

    package init(text: String, segment: Int, isSpoken: Bool, status: Status, said: String) {
        (self.text, self.segment, self.isSpoken, self.status, self.said) = (text, segment, isSpoken, status, said)
    }
}

/// What the page of this project is told beyond RTVI.
package enum ServerNotice: Sendable, Equatable {
    /// What she is doing.
    case phase(TurnPhase)
    /// How long the stages of a turn took.
    case timings(TurnTimings)
    /// The reply shown so far is void; another one follows.
    case restarted
    /// She was interrupted; this much was heard.
    case interrupted(heard: String)
    /// The user said a word of agreement while she spoke; she goes on.
    case backchannel(String)
    /// Whether she can hear and speak.
    case abilities(hearing: Bool, speaking: Bool)

    package var json: JSONValue {
        switch self {
        case .phase(let phase): ["type": "phase", "phase": .string(phase.rawValue)]
        case .timings(let timings): timings.json
        case .restarted: ["type": "restarted"]
        case .interrupted(let heard): ["type": "reply-interrupted", "heard": .string(heard)]
        case .backchannel(let text): ["type": "backchannel", "text": .string(text)]
        case .abilities(let hearing, let speaking):
            ["type": "abilities", "hearing": .bool(hearing), "speaking": .bool(speaking)]
        }
    }
}
