import Companion
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Locking
import Logging
import NIOCore
import Serving
import Speech
import Voice
import WebRTC

/// A gateway over a store in memory, with a scripted conversation and no voice.
struct GatewayFixture {
    let store: CompanionStore
    let conversation = ScriptedConversation()
    let webRTC: WebRTCServer

    init() throws {
        store = try CompanionStore(inMemoryWithClock: { Date() })
        webRTC = WebRTCServer(options: WebRTCOptions(), logger: .silent)
    }

    /// Runs a body against the server.
    func serve<Value: Sendable>(
        keys: [String] = [], origins: [String] = ["*"], _ body: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        try await webRTC.start()
        let gateway = Gateway(
            description: .init(name: "Annie", greeting: "Hello.", model: "test", version: "1"), store: store,
            conversation: { [conversation] _ in conversation }, webRTC: webRTC, speech: NoSpeech(),
            voice: {
                .init(hearing: false, speaking: true, missing: [(part: "hearing", command: "annie pull speech")])
            }, call: CallOptions(), logger: .silent)
        var options = ServerOptions()
        options.apiKeys = keys
        options.crossOrigin.origins = origins
        let application = try AnnieServer.makeApplication(
            slot: ModelSlot(), options: options, logger: .silent, added: gateway.routes)
        let value = try await application.test(.router, body)
        await gateway.close()
        return value
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension TestClientProtocol {
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if body != nil { headers[.contentType] = "application/json" }
        let response = try await executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0.text()) })
        return Answer(response: response)
    }
}

/// What the server answered.
struct Answer: Sendable {
    let response: TestResponse

    var status: Int { response.status.code }
    var text: String { String(buffer: response.body) }
    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    var message: String { json["error"]?["message"]?.string ?? "" }

    /// Server-sent events: their names and data.
    var events: [(name: String, data: JSONValue)] {
        text.components(separatedBy: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n")
            guard lines.count == 2 else { return nil }
            let data = (try? JSONValue(parsing: String(lines[1].dropFirst("data: ".count)))) ?? .null
            return (String(lines[0].dropFirst("event: ".count)), data)
        }
    }
}

/// Answers every turn with the same events, and writes down what is asked of it.
final class ScriptedConversation: Replying {
    private let state = Locked<(events: [ReplyEvent], log: [String], failure: (any Error)?)>(([], [], nil))

    func script(_ events: [ReplyEvent]) { state.withLock { $0.events = events } }
    /// Commits fail from now on.
    func fail(_ error: any Error) { state.withLock { $0.failure = error } }
    var log: [String] { state.withLock { $0.log } }

    func prepare(partial text: String) async { note("prepare") }

    func begin(_ text: String) async throws -> any Reply {
        note("begin \(text)")
        return ScriptedReply(conversation: self, script: state.withLock { $0.events })
    }

    fileprivate func note(_ line: String) { state.withLock { $0.log.append(line) } }

    private struct ScriptedReply: Reply {
        let conversation: ScriptedConversation
        let script: [ReplyEvent]

        var events: AsyncStream<ReplyEvent> {
            AsyncStream { continuation in
                for event in script { continuation.yield(event) }
                continuation.finish()
            }
        }
        func commit() async throws {
            if let failure = conversation.state.withLock({ $0.failure }) { throw failure }
            conversation.note("commit")
        }
        func discard() async { conversation.note("discard") }
        func interrupt(heard: String) async { conversation.note("interrupt \(heard)") }
        func complete() async { conversation.note("complete") }
    }
}

/// Speech that is not installed.
struct NoSpeech: SpeechEngine {
    struct Missing: Error {}

    func transcribe(_ samples: [Float]) async throws -> String { throw Missing() }
    func synthesize(_ text: String, voice: VoiceSettings) -> AsyncThrowingStream<[Int16], any Error> {
        AsyncThrowingStream { $0.finish(throwing: Missing()) }
    }
    func makeVoiceActivityDetector() async throws -> any VoiceActivityDetector { throw Missing() }
    func endOfTurnProbability(_ samples: [Float]) async throws -> Float? { nil }
}
