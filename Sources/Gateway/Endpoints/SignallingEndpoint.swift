import Hummingbird
import JSON
import Serving
import WebRTC

/// `/start` and `/api/offer`, as Pipecat's small WebRTC transport has them.
struct SignallingEndpoint: Sendable {
    let calls: CallDesk
    let desk: SessionDesk
    let limiter: OfferLimiter

    /// `POST /start`: begins a session. No server for ICE is named, as this one is reached directly.
    func start(_ request: Request) async throws -> Response {
        _ = try await request.body.collect(upTo: Limits.body)
        try await limiter.admit()
        return Response(json: ["sessionId": .string(try await desk.conversation(nil).id)])
    }

    /// `POST …/api/offer`: an offer is answered, and a call begins if it is a new one.
    ///
    /// - Parameter session: from the path, as Pipecat's client has it; else it is in the request's data.
    func offer(_ request: Request, session: String?) async throws -> Response {
        try await limiter.admit()
        let object = try await request.jsonObject(upTo: Limits.offer)
        guard let sdp = object["sdp"]?.string, object["type"]?.string ?? "offer" == "offer" else {
            throw APIError.invalid("sdp", "must be the text of an offer, with type 'offer'")
        }
        let data = object["request_data"]?.object ?? object["requestData"]?.object
        let offer = SessionOffer(
            sdp: sdp, connectionID: object["pc_id"]?.string, restarts: object["restart_pc"]?.bool ?? false)
        let answer = try await calls.answer(offer, session: session ?? data?["session_id"]?.string)
        return Response(json: [
            "sdp": .string(answer.sdp), "type": "answer", "pc_id": .string(answer.connectionID),
        ])
    }

    /// `PATCH …/api/offer`: the caller's candidates, which are not needed: the caller finds us.
    func candidates(_ request: Request) async throws -> Response {
        let object = try await request.jsonObject(upTo: Limits.offer)
        guard let id = object["pc_id"]?.string else { throw APIError.invalid("pc_id", "is needed") }
        guard object["candidates"]?.array != nil else { throw APIError.invalid("candidates", "must be an array") }
        guard await calls.isKnown(id) else { throw APIError.notFound("There is no connection of that pc_id.") }
        return Response(json: ["status": "success"])
    }
}

/// So many offers may come in a while: each costs a key exchange.
actor OfferLimiter {
    private let burst: Double, perSecond: Double
    private var tokens: Double
    private var last = ContinuousClock.now

    init(burst: Double = 40, perSecond: Double = 10) {
        self.burst = burst
        self.perSecond = perSecond
        tokens = burst
    }

    /// - Throws: 429 when too many have come.
    func admit() throws {
        let now = ContinuousClock.now
        tokens = min(burst, tokens + (now - last) / .seconds(1) * perSecond)
        last = now
        guard tokens >= 1 else {
            throw APIError(
                .tooManyRequests, type: "RateLimitError", "Too many offers at once. Try again in a second.",
                retryAfter: 1)
        }
        tokens -= 1
    }
}
