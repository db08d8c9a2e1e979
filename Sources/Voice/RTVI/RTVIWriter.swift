import Foundation
import JSON

/// Writes events as the messages of the protocol's version that the client speaks.
package struct RTVIWriter: Sendable {
    /// The version spoken with clients of version 2 and later.
    package static let version = "2.0.0"

    /// The version agreed with the client.
    package private(set) var version = Self.version
    private let about: JSONValue

    /// A writer that tells the client the program's name and version, and which session the call belongs to.
    package init(libraryVersion: String? = nil, session: String? = nil) {
        var about = JSONObject([("library", "annie")])
        if let libraryVersion { about["library_version"] = .string(libraryVersion) }
        if let session { about["session_id"] = .string(session) }
        self.about = .object(about)
    }

    /// Speaks version 1 with clients that know no other: their pieces of output have other fields.
    package mutating func agree(clientVersion: String?) {
        version = clientVersion.map { $0.hasPrefix("1.") } == true ? clientVersion ?? Self.version : Self.version
    }

    /// The message, as text.
    ///
    /// - Parameter date: The time written into transcripts.
    package func message(_ event: RTVIEvent, date: Date) -> String {
        let (type, id, data) = parts(event, date)
        var message = JSONObject([("label", "rtvi-ai"), ("type", .string(type))])
        if let id { message["id"] = .string(id) }
        if let data { message["data"] = data }
        return JSONValue.object(message).text(.compact)
    }

    private func parts(_ event: RTVIEvent, _ date: Date) -> (type: String, id: String?, data: JSONValue?) {
        switch event {
        case .botReady(let id): ("bot-ready", id, ["version": .string(version), "about": about])
        case .userStartedSpeaking: ("user-started-speaking", nil, nil)
        case .userStoppedSpeaking: ("user-stopped-speaking", nil, nil)
        case .detectedSpeech: ("vad-user-started-speaking", nil, nil)
        case .detectedSilence: ("vad-user-stopped-speaking", nil, nil)
        case .userTranscription(let text, let isFinal):
            ("user-transcription", nil, Self.transcription(text, isFinal: isFinal, date))
        case .llmStarted: ("bot-llm-started", nil, nil)
        case .llmStopped: ("bot-llm-stopped", nil, nil)
        case .llmText(let text): ("bot-llm-text", nil, ["text": .string(text)])
        case .ttsStarted: ("bot-tts-started", nil, nil)
        case .ttsStopped: ("bot-tts-stopped", nil, nil)
        case .ttsText(let text): ("bot-tts-text", nil, ["text": .string(text)])
        case .botStartedSpeaking: ("bot-started-speaking", nil, nil)
        case .botStoppedSpeaking: ("bot-stopped-speaking", nil, nil)
        case .botInterrupted: ("bot-interrupted", nil, nil)
        case .output(let output): ("bot-output", nil, self.output(output))
        case .toolAnnounced(let call):
            ("llm-function-call-started", nil, ["function_name": .string(call.name)])
        case .toolStarted(let call): ("llm-function-call-in-progress", nil, Self.tool(call))
        case .toolStopped(let call, let result, let isError):
            ("llm-function-call-stopped", nil, Self.tool(call, result: result, isError: isError))
        case .userLevel(let level): ("user-audio-level", nil, Self.level(level))
        case .botLevel(let level): ("bot-audio-level", nil, Self.level(level))
        case .metrics(let timings): ("metrics", nil, timings.metrics)
        case .server(let notice): ("server-message", nil, notice.json)
        case .response(let id, let type): ("server-response", id, ["t": .string(type), "d": .null])
        case .errorResponse(let id, let text): ("error-response", id, ["error": .string(text)])
        case .error(let text, let isFatal): ("error", nil, ["error": .string(text), "fatal": .bool(isFatal)])
        }
    }

    private func output(_ output: BotOutput) -> JSONValue {
        var data = JSONObject([
            ("text", .string(output.text)), ("output_type", "sentence"), ("aggregated_by", "sentence"),
            ("segment_id", .integer(output.segment)),
        ])
        if version.hasPrefix("1.") {
            data["spoken"] = .bool(output.isSpoken && output.status != .new)
        } else {
            data["will_be_spoken"] = .bool(output.isSpoken)
            data["spoken_status"] = .string(output.status.rawValue)
            if output.isSpoken {
                let rest = output.text.dropFirst(output.said.count)
                data["spoken_progress"] = [
                    "accumulated_text": .string(output.said), "remaining_text": .string(String(rest)),
                ]
            }
        }
        return .object(data)
    }

    private static func transcription(_ text: String, isFinal: Bool, _ date: Date) -> JSONValue {
        [
            "text": .string(text), "user_id": "", "timestamp": .string(date.formatted(.iso8601)),
            "final": .bool(isFinal),
        ]
    }

    private static func level(_ level: Float) -> JSONValue {
        ["value": .number((Double(level) * 1000).rounded() / 1000)]
    }
}
