import Companion
import Logging
import Serving
import Speech
import Voice
import WebRTC

/// Answers offers, and holds a call for each new line until it is gone.
public actor CallDesk {
    private let server: WebRTCServer
    private let speech: any SpeechEngine
    private let desk: SessionDesk
    private let options: CallOptions
    private let metrics: any CallMetrics
    private let logger: Logger
    private let limit: Int
    private var calls: [String: Task<Void, Never>] = [:]

    init(
        server: WebRTCServer, speech: any SpeechEngine, desk: SessionDesk, options: CallOptions,
        metrics: any CallMetrics, limit: Int, logger: Logger
    ) {
        (self.server, self.speech, self.desk, self.options) = (server, speech, desk, options)
        (self.metrics, self.limit, self.logger) = (metrics, limit, logger)
    }

    /// Calls being held.
    var count: Int { calls.count }

    /// Answers an offer; a new line begins a call in a session, which is resumed if it is known.
    func answer(_ offer: SessionOffer, session: String?) async throws -> SessionAnswer {
        let isKnown = offer.connectionID.map { calls[$0] != nil } ?? false
        guard isKnown || calls.count < limit else {
            throw APIError.unavailable("All \(limit) lines are taken. Try again later.", retryAfter: 10)
        }
        let answer = try await server.answer(offer)
        guard answer.isNew else { return answer }
        do {
            try await hold(answer, in: desk.conversation(session))
        } catch {
            answer.transport.close()
            throw error
        }
        return answer
    }

    func isKnown(_ id: String) async -> Bool { await server.transport(id) != nil }

    /// Hangs up on everyone.
    func close() async {
        for call in calls.values { call.cancel() }
        for call in calls.values { await call.value }
        await server.stop()
    }

    private func hold(
        _ answer: SessionAnswer, in session: (id: String, conversation: any Replying)
    ) async throws {
        var options = options
        options.session = session.id
        // Who comes back to a conversation is not greeted as if it began.
        if try await desk.hasTurns(session.id) { options.greeting = nil }
        let call = Call(
            transport: answer.transport, speech: speech, replying: session.conversation, options: options,
            metrics: metrics, logger: logger)
        let id = answer.connectionID
        calls[id] = Task {
            await call.run()
            self.ended(id)
        }
    }

    private func ended(_ id: String) { calls[id] = nil }
}
