import Companion
import HTTPTypes
import Hummingbird
import JSON
import Logging
import Serving
import Speech
import Voice
import WebRTC

/// The companion over HTTP: typed turns, calls, what she remembers, and the page.
///
/// It adds its paths to the OpenAI server's, so that both are one server.
public struct Gateway: Sendable {
    /// What the page is told about her.
    public struct Description: Sendable {
        /// Her name, and what the page says before the first word.
        public var name: String, greeting: String
        /// The model behind her.
        public var model: String
        /// The program's version.
        public var version: String

        /// A description with these parts.
        public init(name: String, greeting: String, model: String, version: String) {
            (self.name, self.greeting, self.model, self.version) = (name, greeting, model, version)
        }
    }

    /// Whether she hears and speaks, and what to run where she does not.
    public struct VoiceState: Sendable {
        /// A part that is not there, and the command that brings it.
        public typealias Missing = (part: String, command: String)
        /// Whether she hears, and speaks.
        public var hearing: Bool, speaking: Bool
        /// What is missing.
        public var missing: [Missing]

        /// A state with these parts.
        public init(hearing: Bool, speaking: Bool, missing: [Missing] = []) {
            (self.hearing, self.speaking, self.missing) = (hearing, speaking, missing)
        }
    }

    private let desk: SessionDesk
    private let records: RecordEndpoints
    private let calls: CallDesk
    private let metrics = TurnMetrics()
    private let description: Description
    private let voice: @Sendable () async -> VoiceState

    /// - Parameters:
    ///   - store: What she keeps.
    ///   - conversation: Makes the conversation of a session that is in the store.
    ///   - webRTC: Where calls come in; already started.
    ///   - speech: Hears and speaks.
    ///   - voice: Tells whether it does.
    ///   - call: How calls are held.
    public init(
        description: Description, store: any CompanionStoring,
        conversation: @escaping @Sendable (_ session: String) async throws -> any Replying, webRTC: WebRTCServer,
        speech: any SpeechEngine, voice: @escaping @Sendable () async -> VoiceState, call: CallOptions,
        maximumCalls: Int = 64, logger: Logger
    ) {
        desk = SessionDesk(store: store, persona: description.name, make: conversation)
        records = RecordEndpoints(store: store, desk: desk)
        calls = CallDesk(
            server: webRTC, speech: speech, desk: desk, options: call, metrics: metrics, limit: maximumCalls,
            logger: logger)
        self.description = description
        self.voice = voice
    }

    /// Hangs up on everyone and closes the lines.
    public func close() async { await calls.close() }

    /// The paths, for `AnnieServer`.
    public var routes: AddedRoutes {
        AddedRoutes(paths: paths, metrics: { await metrics.text(calls: calls.count) }) { router in
            addConversation(to: router)
            addRecords(to: router)
            addSignalling(to: router)
            addPage(to: router)
        }
    }

    private var paths: [ServedPath] {
        let read = ["GET", "HEAD"]
        func personal(_ pattern: String, _ methods: [String]) -> ServedPath {
            ServedPath(pattern, methods: methods, wantsKey: true, isPersonal: true)
        }
        return [
            personal("/v1/chat", ["POST"]), ServedPath("/v1/status", methods: read),
            personal("/v1/sessions", read), personal("/v1/sessions/*", read + ["DELETE"]),
            personal("/v1/memory", read), personal("/v1/memory/*", ["DELETE"]),
            personal("/v1/notes", read), personal("/v1/notes/*", ["DELETE"]),
            personal("/start", ["POST"]), personal("/api/offer", ["POST", "PATCH"]),
            personal("/sessions/*/api/offer", ["POST", "PATCH"]),
            ServedPath("/status", methods: read), ServedPath("/client/", methods: read),
        ] + pageFiles.map { ServedPath($0.path, methods: read) }
    }

    private func addConversation(to router: Router<ServingContext>) {
        let chat = TextChatEndpoint(desk: desk)
        router.post("/v1/chat") { request, _ in try await chat.respond(request) }
        router.get("/v1/status") { _, _ in Response(json: await status()) }
    }

    private func addRecords(to router: Router<ServingContext>) {
        let records = records
        router.get("/v1/sessions") { _, _ in try records.sessions() }
        router.get("/v1/sessions/:id") { _, context in try records.session(try context.parameters.require("id")) }
        router.delete("/v1/sessions/:id") { _, context in
            try await records.deleteSession(try context.parameters.require("id"))
        }
        router.get("/v1/memory") { request, _ in
            try records.memory(query: request.uri.queryParameters["query"].map(String.init) ?? "")
        }
        router.delete("/v1/memory/:id") { _, context in try records.forget(try context.parameters.require("id")) }
        router.get("/v1/notes") { _, _ in try records.notes() }
        router.delete("/v1/notes/:id") { _, context in try records.deleteNote(try context.parameters.require("id")) }
    }

    private func addSignalling(to router: Router<ServingContext>) {
        let signalling = SignallingEndpoint(calls: calls, desk: desk, limiter: OfferLimiter())
        router.post("/start") { request, _ in try await signalling.start(request) }
        for path in ["/api/offer", "/sessions/:session/api/offer"] {
            router.post(RouterPath(path)) { request, context in
                try await signalling.offer(request, session: context.parameters.get("session"))
            }
            router.patch(RouterPath(path)) { request, _ in try await signalling.candidates(request) }
        }
        router.get("/status") { _, _ in Response(json: ["status": "ready", "transports": ["webrtc"]]) }
    }

    private func addPage(to router: Router<ServingContext>) {
        for file in pageFiles {
            router.get(RouterPath(file.path)) { request, _ in file.response(to: request) }
        }
        // Where Pipecat's runner has its page.
        router.get("/client/") { _, _ in Response.redirect(to: "/", type: .temporary) }
    }

    private func status() async -> JSONValue {
        let voice = await voice()
        return [
            "persona": ["name": .string(description.name), "greeting": .string(description.greeting)],
            "model": .string(description.model), "version": .string(description.version),
            "voice": [
                "hearing": .bool(voice.hearing), "speaking": .bool(voice.speaking),
                "missing": .array(
                    voice.missing.map { ["part": .string($0.part), "command": .string($0.command)] }),
            ],
        ]
    }
}
