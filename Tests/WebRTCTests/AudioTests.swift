import Foundation
import Locking
import NIOCore
import Testing
import WebRTC

/// Plays a tone, or what it is given, until it ends.
final class ToneSource: AudioSource {
    private let state: Locked<(position: Int, remaining: Int)>

    /// - Parameter frames: How many frames of 20 ms it lasts.
    init(frames: Int = .max) {
        state = Locked((0, frames))
    }

    /// Plays on for so many frames.
    func play(frames: Int) {
        state.withLock { $0.remaining = frames }
    }

    func read(into frame: UnsafeMutableBufferPointer<Int16>) -> Bool {
        state.withLock { state in
            guard state.remaining > 0 else { return false }
            state.remaining -= 1
            for index in frame.indices {
                // Speech-like: a voiced tone whose pitch and loudness move.
                let time = Double(state.position) / 24_000
                let phase = 2 * Double.pi * (180 * time + 8 * sin(5 * time))
                let voice = sin(phase) + 0.5 * sin(3 * phase) + 0.3 * sin(7 * phase)
                frame[index] = Int16(8_000 * voice * (0.6 + 0.4 * sin(20 * time)))
                state.position += 1
            }
            return true
        }
    }
}

@Suite struct AudioSenderTests {
    @Test func timeGoesOnThroughSilenceAndTheFirstPacketAfterItIsMarked() throws {
        let sender = try AudioSender(payloadType: 111, source: 1)
        let tone = ToneSource(frames: 3)
        var packets: [(tick: Int, packet: RTPPacket)] = []
        for tick in 0..<200 {
            if tick == 150 { tone.play(frames: 3) }
            if let packet = sender.tick(tone, now: at(tick * 20)) { packets.append((tick, packet)) }
        }
        let first = try #require(packets.first)
        #expect(packets.filter(\.packet.isMarked).map(\.tick) == [0, 150])
        for (index, (tick, packet)) in packets.enumerated() {
            #expect(packet.timestamp == first.packet.timestamp &+ UInt32(tick * 960))
            #expect(packet.sequenceNumber == first.packet.sequenceNumber &+ UInt16(index))
        }
    }

    @Test func afterASecondOfSilenceNothingIsSent() throws {
        let sender = try AudioSender(payloadType: 111, source: 1)
        let sent = (0..<500).compactMap { sender.tick(nil, now: at($0 * 20)) }
        #expect(sent.count == 50)
    }

    @Test func theReportedTimestampFollowsTheClock() throws {
        let sender = try AudioSender(payloadType: 111, source: 1)
        let packet = try #require(sender.tick(nil, now: at(0)))
        #expect(sender.timestamp(at: at(1_000)) == packet.timestamp &+ 48_000)
    }
}

@Suite struct AudioReceiverTests {
    @Test func everyPacketBecomesAFrameAtOnce() throws {
        let receiver = try AudioReceiver()
        for (index, packet) in try Self.packets(50).enumerated() {
            let frames = receiver.receive(packet, now: at(index * 20))
            #expect(frames.count == 1)
            #expect(frames.allSatisfy { $0.samples.count == 320 && !$0.isConcealed })
        }
    }

    @Test func aLostPacketComesBackFromTheCopyInTheNext() throws {
        let receiver = try AudioReceiver()
        var frames: [AudioReceiver.Frame] = []
        for (index, packet) in try Self.packets(100).enumerated() where index != 50 {
            frames += receiver.receive(packet, now: at(index * 20))
        }
        #expect(frames.count == 100)
        #expect(receiver.recovered == 1)
        #expect(frames.allSatisfy { !$0.isConcealed })
    }

    @Test func theCopyIsCloserToTheSoundThanAGuess() throws {
        let packets = try Self.packets(100)
        let whole = try Self.sound(packets, without: [])
        let recovered = try Self.sound(packets, without: [60])
        let guessed = try Self.sound(packets, without: [60, 61])
        let lost = 60 * 320..<61 * 320
        #expect(Self.difference(whole[lost], recovered[lost]) < 0.5 * Self.difference(whole[lost], guessed[lost]))
    }

    @Test func longerLossIsGuessedAndMarked() throws {
        let receiver = try AudioReceiver()
        var frames: [AudioReceiver.Frame] = []
        for (index, packet) in try Self.packets(100).enumerated() where !(50..<54).contains(index) {
            frames += receiver.receive(packet, now: at(index * 20))
        }
        #expect(frames.count == 100)
        #expect(frames.filter(\.isConcealed).count == 3)
        #expect(frames[50..<53].allSatisfy { $0.isConcealed })
    }

    @Test func whatIsHeldIsPlayedByTheClockWhenNothingMoreComes() throws {
        let receiver = try AudioReceiver()
        let packets = try Self.packets(3)
        _ = receiver.receive(packets[0], now: at(0))
        #expect(receiver.receive(packets[2], now: at(40)).isEmpty)
        #expect(receiver.tick(now: at(80)).isEmpty)
        #expect(receiver.tick(now: at(100)).count == 2)
    }

    @Test func aPauseOfTheSenderIsSilenceAndNotConcealment() throws {
        let receiver = try AudioReceiver()
        var packets = try Self.packets(20)
        for index in 10..<20 { packets[index].timestamp &+= 20 * 960 }
        var frames: [AudioReceiver.Frame] = []
        for (index, packet) in packets.enumerated() { frames += receiver.receive(packet, now: at(index * 20)) }
        #expect(frames.count == 40)
        #expect(frames.allSatisfy { !$0.isConcealed })
    }

    @Test func anotherVoiceTakesOverWhenTheFirstIsSilent() throws {
        let receiver = try AudioReceiver()
        var packets = try Self.packets(2)
        packets[1].source = 99
        _ = receiver.receive(packets[0], now: at(0))
        #expect(receiver.receive(packets[1], now: at(50)).isEmpty)
        #expect(receiver.receive(packets[1], now: at(200)).count == 1)
        #expect(receiver.reception?.source == 99)
    }

    @Test func anyPayloadIsSurvived() throws {
        let receiver = try AudioReceiver()
        let payloads = try Self.packets(8).map(\.payload)
        var number: UInt16 = 0
        fuzz(payloads, rounds: 3_000) { payload in
            number &+= 1
            let packet = RTPPacket(
                payloadType: 111, isMarked: false, sequenceNumber: number, timestamp: UInt32(number) * 960, source: 1,
                payload: payload)
            let frames = receiver.receive(packet, now: at(Int(number) * 20))
            #expect(frames.allSatisfy { $0.samples.count == 320 })
        }
    }

    static func packets(_ count: Int) throws -> [RTPPacket] {
        let sender = try AudioSender(payloadType: 111, source: 1)
        sender.expectLoss(percent: 20)
        let tone = ToneSource()
        return (0..<count).compactMap { sender.tick(tone, now: at($0 * 20)) }
    }

    private static func sound(_ packets: [RTPPacket], without lost: Set<Int>) throws -> [Float] {
        let receiver = try AudioReceiver()
        return packets.enumerated().filter { !lost.contains($0.offset) }.flatMap { index, packet in
            receiver.receive(packet, now: at(index * 20)).flatMap(\.samples)
        }
    }

    private static func difference(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}

@Suite struct ControlReporterTests {
    @Test func theRoundTripIsMeasuredFromTheReportsOfBothSides() throws {
        let (here, there) = (try Side(clockOffset: 0), try Side(clockOffset: 3_600))
        // Each report is on its way for 40 ms.
        for tick in 0..<300 {
            let now = at(tick * 20)
            _ = here.sender.tick(ToneSource(), now: now)
            _ = there.sender.tick(ToneSource(), now: now)
            there.deliver(from: here, sentAt: now, after: 40)
            // After what arrived: an answer is not sent before its question is there.
            here.deliver(from: there, sentAt: at(tick * 20 + 41), after: 40)
        }
        #expect(abs(Double(try #require(here.reporter.roundTrip).nanoseconds) / 1e9 - 0.08) < 0.002)
    }

    @Test func aCallerWhoWasHeardDaysAgoIsStillReportedOn() throws {
        let (here, there) = (try Side(clockOffset: 0), try Side(clockOffset: 0))
        for tick in 0..<200 {
            _ = there.sender.tick(ToneSource(), now: at(tick * 20))
            here.deliver(from: there, sentAt: at(tick * 20), after: 40)
        }
        let later = at(3 * 24 * 3_600_000)
        let bytes = here.reporter.makeReport(sender: here.sender, receiver: here.receiver, now: later) ?? []
        guard case .receiverReport(_, let reports)? = ControlPacket.parse(bytes)?.first else {
            Issue.record("no receiver report")
            return
        }
        // The field holds no more than 18 hours.
        #expect(reports.map(\.delaySinceLastReport) == [.max])
    }

    @Test(arguments: [2_100_000_000.0, 2_085_978_495.5, -3_000_000_000])
    func aClockThatStandsAnywhereIsTaken(seconds: Double) throws {
        let (here, there) = (try Side(clockOffset: 0), try Side(clockOffset: 0))
        here.reporter = ControlReporter(now: at(0), wallClock: Date(timeIntervalSince1970: seconds))
        for tick in 0..<300 {
            _ = here.sender.tick(ToneSource(), now: at(tick * 20))
            _ = there.sender.tick(ToneSource(), now: at(tick * 20))
            there.deliver(from: here, sentAt: at(tick * 20), after: 40)
            here.deliver(from: there, sentAt: at(tick * 20 + 41), after: 40)
        }
        #expect(abs(Double(try #require(here.reporter.roundTrip).nanoseconds) / 1e9 - 0.08) < 0.002)
    }

    /// One side of a line, with a wall clock of its own.
    private final class Side {
        let sender: AudioSender
        let receiver: AudioReceiver
        var reporter: ControlReporter

        init(clockOffset: Double) throws {
            sender = try AudioSender(payloadType: 111, source: .random(in: 1...1000) + UInt32(clockOffset))
            receiver = try AudioReceiver()
            reporter = ControlReporter(
                now: at(0), wallClock: Date(timeIntervalSince1970: 1_700_000_000 + clockOffset))
        }

        func deliver(from other: Side, sentAt now: NIODeadline, after delay: Int64) {
            let arrival = now + .milliseconds(delay)
            if let packet = other.sender.tick(nil, now: now) { _ = receiver.receive(packet, now: arrival) }
            guard let report = other.reporter.makeReport(sender: other.sender, receiver: other.receiver, now: now),
                let packets = ControlPacket.parse(report)
            else { return }
            reporter.receive(packets, sender: sender, now: arrival)
        }
    }
}
