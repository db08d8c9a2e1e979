import CRealtime
import Foundation
import Logging
import NIOCore
import Testing
import WebRTC

/// Whole calls over loopback, between the server and a caller made of its parts.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CallTests {
    @Test func soundAndTextFlowBothWays() async throws {
        let (server, caller) = (try await Self.server(), try Caller())
        let answer = try await caller.call(server)
        let listener = Listener(answer.transport)
        answer.transport.play(ToneSource())
        await caller.play(ToneSource())
        await caller.send("Grüße")
        await listener.wait { $0.texts.count == 1 && $0.frames.count >= 25 }
        answer.transport.send("willkommen")
        await caller.wait { $0.texts.count == 1 && $0.frames.count >= 25 }
        #expect(await listener.texts == ["Grüße"])
        #expect(await caller.texts == ["willkommen"])
        #expect(Self.loudness(await listener.frames.suffix(10)) > 0.05)
        #expect(Self.loudness(await caller.frames.suffix(10)) > 0.05)
        #expect(await listener.events == ["connected", "channelOpened"])
        await server.stop()
        await caller.wait { $0.hasBeenLeft }
        await listener.wait { $0.events.last == "closed local" }
        await caller.vanish()
    }

    @Test func whoFallsSilentForLongIsHeardAtOnceAndSpokenToAtOnceAllTheSame() async throws {
        let (server, caller) = (try await Self.server(), try Caller())
        let answer = try await caller.call(server)
        let listener = Listener(answer.transport)
        await caller.play(Quiet())
        await listener.wait { $0.frames.count > 150 }
        let before = ContinuousClock.now
        answer.transport.play(ToneSource())
        await caller.wait { $0.frames.count >= 5 }
        #expect(ContinuousClock.now - before < .milliseconds(400))
        await caller.play(ToneSource())
        await listener.wait { Self.loudness($0.frames.suffix(10)) > 0.05 }
        await caller.hangUp()
        await server.stop()
    }

    @Test func aCallIsConnectedWithinAThirdOfASecond() async throws {
        let (server, caller) = (try await Self.server(), try Caller())
        let answer = try await caller.call(server)
        let seconds = try #require(await server.statistics(of: answer.connectionID)?.connectSeconds)
        #expect(seconds < 0.3)
        await caller.hangUp()
        await server.stop()
    }

    @Test func aCertificateThatWasNotOfferedEndsTheCall() async throws {
        let (server, caller) = (try await Self.server(), try Caller())
        let offer = await caller.offer(fingerprint: try Certificate().fingerprint)
        let answer = try await server.answer(SessionOffer(sdp: offer))
        let listener = Listener(answer.transport)
        try await caller.accept(answer.sdp)
        await listener.wait { !$0.events.isEmpty }
        let events = await listener.events
        #expect(events.count == 1 && events[0].contains("certificate is not the one"), "\(events)")
        #expect(await server.transport(answer.connectionID) == nil)
        await caller.vanish()
        await server.stop()
    }

    @Test func aFifthOfLostDatagramsIsSurvived() async throws {
        let (server, caller) = (try await Self.server(), try Caller(loss: 0.2))
        let answer = try await caller.call(server)
        let listener = Listener(answer.transport)
        await caller.play(ToneSource())
        for index in 0..<10 { await caller.send("\(index)") }
        await listener.wait { $0.texts.count == 10 && $0.frames.count > 150 }
        #expect(await listener.texts == (0..<10).map(String.init))
        let statistics = try #require(await server.statistics(of: answer.connectionID))
        #expect(statistics.packetsLost > 10)
        #expect(statistics.packetsRecovered > 0)
        #expect(Self.loudness(await listener.frames.suffix(100)) > 0.05)
        await caller.hangUp()
        await server.stop()
    }

    @Test func anICERestartKeepsTheCall() async throws {
        let (server, caller) = (try await Self.server(), try Caller())
        let first = try await caller.call(server)
        let listener = Listener(first.transport)
        await caller.restartICE()
        let second = try await server.answer(
            SessionOffer(sdp: await caller.offer(), connectionID: first.connectionID))
        #expect(!second.isNew)
        #expect(Self.fragment(first.sdp) != Self.fragment(second.sdp))
        try await caller.accept(second.sdp)
        await caller.send("still here")
        await listener.wait { $0.texts == ["still here"] }
        #expect(await listener.events == ["connected", "channelOpened"])
        await caller.hangUp()
        await server.stop()
    }

    @Test func theSameOfferAgainKeepsTheCredentials() async throws {
        let (server, caller) = (try await Self.server(), try Caller())
        let first = try await caller.call(server)
        let second = try await server.answer(
            SessionOffer(sdp: await caller.offer(), connectionID: first.connectionID))
        #expect(Self.fragment(first.sdp) == Self.fragment(second.sdp))
        await caller.hangUp()
        await server.stop()
    }

    @Test func aRestartPutsANewPeerOnTheSameLine() async throws {
        let (server, caller, second) = (try await Self.server(), try Caller(), try Caller())
        let first = try await caller.call(server)
        let listener = Listener(first.transport)
        await listener.wait { $0.events.count == 2 }
        let again = try await second.call(server, connectionID: first.connectionID, restarts: true)
        #expect(again.connectionID == first.connectionID && !again.isNew)
        await second.send("again")
        await listener.wait { $0.texts == ["again"] }
        let pair = ["connected", "channelOpened"]
        #expect(await listener.events == pair + ["disconnected"] + pair)
        await caller.wait { $0.hasBeenLeft }
        await caller.vanish()
        await second.hangUp()
        await server.stop()
    }

    @Test func aCallerWhoSaidGoodbyeMayComeBackForAWhile() async throws {
        let (server, caller, second) = (try await Self.server(), try Caller(), try Caller())
        let first = try await caller.call(server)
        let listener = Listener(first.transport)
        await caller.hangUp()
        await listener.wait { $0.events.last == "disconnected" }
        let again = try await second.call(server, connectionID: first.connectionID)
        #expect(!again.isNew)
        await second.hangUp()
        await listener.wait { $0.events.last == "closed remote" }
        let late = SessionOffer(sdp: await caller.offer(), connectionID: first.connectionID)
        #expect(try await server.answer(late).isNew)
        await server.stop()
    }

    @Test func aCallerWhoVanishesIsDisconnectedAndThenGivenUp() async throws {
        let server = try await Self.server {
            $0.disconnectAfter = .milliseconds(300)
            $0.closeAfter = .milliseconds(900)
        }
        let caller = try Caller()
        let answer = try await caller.call(server)
        let listener = Listener(answer.transport)
        await caller.vanish()
        await listener.wait { $0.events.count == 4 }
        #expect(await listener.events == ["connected", "channelOpened", "disconnected", "closed timedOut"])
        await server.stop()
    }

    @Test func anOfferThatNobodyFollowsUpIsForgotten() async throws {
        let server = try await Self.server { $0.closeAfter = .milliseconds(100) }
        let answer = try await server.answer(SessionOffer(sdp: await Caller().offer()))
        let listener = Listener(answer.transport)
        await listener.wait { $0.events == ["closed timedOut"] }
        #expect(await server.connectionIDs.isEmpty)
        await server.stop()
    }

    @Test func callsShareAPortAndHearOnlyTheirOwn() async throws {
        let server = try await Self.server()
        var calls: [(caller: Caller, listener: Listener)] = []
        for index in 0..<4 {
            let caller = try Caller()
            let answer = try await caller.call(server)
            calls.append((caller, Listener(answer.transport)))
            await caller.send("\(index)")
        }
        for (index, call) in calls.enumerated() {
            await call.listener.wait { !$0.texts.isEmpty }
            #expect(await call.listener.texts == ["\(index)"])
            await call.caller.hangUp()
        }
        await server.stop()
    }

    @Test(.enabled(if: CallTests.hasIPv6)) func aCallGoesOverIPv6() async throws {
        let server = try await Self.server { $0.host = "::1" }
        let caller = try Caller(host: "::1")
        let answer = try await caller.call(server)
        #expect(answer.sdp.contains(" ::1 "))
        await caller.hangUp()
        await server.stop()
    }

    @Test func anOversizedTextIsDroppedAndTheNextIsNot() async throws {
        let server = try await Self.server { $0.maximumMessageBytes = 1000 }
        let caller = try Caller()
        let listener = Listener(try await caller.call(server).transport)
        await caller.send(String(repeating: "x", count: 5000))
        await caller.send("small")
        await listener.wait { !$0.texts.isEmpty }
        #expect(await listener.texts == ["small"])
        await caller.hangUp()
        await server.stop()
    }

    @Test func noiseOnThePortDoesNoHarm() async throws {
        let (server, caller) = (try await Self.server(), try Caller())
        let listener = Listener(try await caller.call(server).transport)
        var noise: [[UInt8]] = []
        fuzz(
            [STUNTests.request, [22, 254, 253] + [UInt8](repeating: 0, count: 40), RTPPacketTests.packet.bytes, [23]],
            rounds: 2_000
        ) {
            noise.append($0)
        }
        for bytes in noise { await caller.sendRaw(bytes) }
        await caller.send("after the noise")
        await listener.wait { !$0.texts.isEmpty }
        #expect(await listener.events == ["connected", "channelOpened"])
        await caller.hangUp()
        await server.stop()
    }

    @Test func noMoreCallsThanAllowedAreTaken() async throws {
        let server = try await Self.server { $0.maximumConnections = 2 }
        for _ in 0..<2 { _ = try await server.answer(SessionOffer(sdp: await Caller().offer())) }
        let offer = try await Caller().offer()
        await #expect(throws: WebRTCError.tooManyConnections(limit: 2)) {
            try await server.answer(SessionOffer(sdp: offer))
        }
        await server.stop()
    }

    @Test func aServerThatIsNotRunningSaysSo() async throws {
        let server = WebRTCServer(options: WebRTCOptions(), logger: Logger(label: "test"))
        await #expect(throws: WebRTCError.notRunning) { try await server.answer(SessionOffer(sdp: "")) }
    }

    @Test func aHostThatIsNoAddressIsRefusedWithWhatToGive() async {
        let server = WebRTCServer(options: WebRTCOptions(host: "no such host"), logger: Logger(label: "test"))
        let error = await #expect(throws: WebRTCError.self) { try await server.start() }
        #expect(error?.description.contains("0.0.0.0") == true)
    }

    @Test func twoHundredCallsLeaveNothingBehind() async throws {
        let server = try await Self.server { $0.rejoinWithin = .zero }
        func count() -> [Int64] {
            let live = rt_live_objects()
            return [live.dtls, live.srtp, live.sctp, live.encoders, live.decoders]
        }
        func files() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count }
        let (objects, descriptors) = (count(), try files())
        for _ in 0..<20 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let caller = try Caller()
                        try await caller.call(server)
                        await caller.hangUp()
                    }
                }
                try await group.waitForAll()
            }
        }
        while await !server.connectionIDs.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        // What is let go is freed on the server's thread, a moment later.
        for _ in 0..<100 where count() != objects { try await Task.sleep(for: .milliseconds(10)) }
        #expect(count() == objects)
        let left = try files()
        #expect(left <= descriptors)
        await server.stop()
    }

    static let hasIPv6 = (try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8))?.contains(" lo") == true

    private static func server(_ change: (inout WebRTCOptions) -> Void = { _ in }) async throws -> WebRTCServer {
        var options = WebRTCOptions()
        options.rejoinWithin = .milliseconds(500)
        change(&options)
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let server = WebRTCServer(options: options, logger: logger)
        try await server.start()
        return server
    }

    private static func fragment(_ sdp: String) -> Substring? {
        sdp.split(whereSeparator: \.isNewline).first { $0.hasPrefix("a=ice-ufrag:") }
    }

    private static func loudness(_ frames: ArraySlice<AudioReceiver.Frame>) -> Float {
        let samples = frames.flatMap(\.samples)
        return (samples.reduce(0) { $0 + $1 * $1 } / Float(max(1, samples.count))).squareRoot()
    }
}

/// A microphone in which nobody speaks.
private final class Quiet: AudioSource {
    func read(into frame: UnsafeMutableBufferPointer<Int16>) -> Bool {
        for index in frame.indices { frame[index] = 0 }
        return true
    }
}
