import CRealtime
import Foundation
import JSON
import WebRTC

/// Takes calls and speaks with the test that drives it.
actor Echo {
    private let server: WebRTCServer
    private var events: [String: [String]] = [:]

    init(_ server: WebRTCServer) {
        self.server = server
    }

    func start() async throws {
        try await server.start()
    }

    func stop() async {
        await server.stop()
    }

    /// Does what a line asks for.
    func reply(to request: JSONValue) async throws -> JSONValue {
        if let sdp = request["sdp"]?.string {
            let offer = SessionOffer(
                sdp: sdp, connectionID: request["connectionID"]?.string, restarts: request["restarts"]?.bool ?? false)
            let answer = try await server.answer(offer)
            if answer.isNew { Task { await serve(answer.transport) } }
            return [
                "sdp": .string(answer.sdp), "connectionID": .string(answer.connectionID), "isNew": .bool(answer.isNew),
            ]
        }
        if let id = request["statistics"]?.string { return await statistics(of: id) }
        if let id = request["close"]?.string {
            await server.close(id)
            return [:]
        }
        return usage()
    }

    private func serve(_ line: any CallTransport) async {
        let source = EchoSource()
        line.play(source)
        for await event in line.events {
            switch event {
            case .audio(let samples, _): source.append(samples)
            case .message(let text): line.send(text)
            case .connected: note("connected", line.id)
            case .channelOpened: note("channelOpened", line.id)
            case .disconnected: note("disconnected", line.id)
            case .closed(let end): note("closed \(end)", line.id)
            }
        }
    }

    private func note(_ event: String, _ id: String) {
        events[id, default: []].append(event)
    }

    private func statistics(of id: String) async -> JSONValue {
        var reply = JSONObject([("events", .array((events[id] ?? []).map(JSONValue.string)))])
        guard let statistics = await server.statistics(of: id) else { return .object(reply) }
        reply["isConnected"] = .bool(statistics.isConnected)
        reply["connectSeconds"] = statistics.connectSeconds.map(JSONValue.number) ?? .null
        reply["received"] = .integer(statistics.packetsReceived)
        reply["lost"] = .integer(statistics.packetsLost)
        reply["recovered"] = .integer(statistics.packetsRecovered)
        reply["concealed"] = .integer(statistics.framesConcealed)
        reply["sent"] = .integer(statistics.packetsSent)
        reply["jitter"] = .number(statistics.jitterSeconds)
        reply["remoteLoss"] = .number(statistics.remoteLoss)
        reply["roundTrip"] = statistics.roundTripSeconds.map(JSONValue.number) ?? .null
        return .object(reply)
    }

    /// What the process has used so far and holds now.
    private func usage() -> JSONValue {
        var used = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
        let live = rt_live_objects()
        return [
            "processorSeconds": .number(Double(used.tv_sec) + Double(used.tv_nsec) / 1e9),
            "objects": .integer(Int(live.dtls + live.srtp + live.sctp + live.encoders + live.decoders)),
        ]
    }
}
