import NIOCore
import Testing
import WebRTC

@Suite struct RTPPacketTests {
    static let packet = RTPPacket(
        payloadType: 111, isMarked: true, sequenceNumber: 65535, timestamp: .max - 5, source: 0xDEAD_BEEF,
        payload: [1, 2, 3])

    @Test func whatIsWrittenIsReadAgain() {
        #expect(RTPPacket(parsing: Self.packet.bytes) == Self.packet)
    }

    @Test func contributorsExtensionsAndPaddingAreLeftOut() {
        var bytes = Self.packet.bytes
        bytes[0] = 0x80 | 0x20 | 0x10 | 2
        bytes.insert(contentsOf: [UInt8](repeating: 9, count: 8) + [0xBE, 0xDE, 0, 1, 7, 7, 7, 7], at: 12)
        bytes += [0, 0, 3]
        #expect(RTPPacket(parsing: bytes) == Self.packet)
    }

    @Test func paddingLongerThanThePacketIsRefused() {
        var bytes = Self.packet.bytes
        bytes[0] |= 0x20
        bytes[bytes.count - 1] = 200
        #expect(RTPPacket(parsing: bytes) == nil)
    }

    @Test func damagedPacketsNeverCrash() {
        var extended = Self.packet.bytes
        extended[0] |= 0x3F
        var refused = 0
        fuzz([Self.packet.bytes, extended]) { if RTPPacket(parsing: $0) == nil { refused += 1 } }
        #expect(refused > 0)
    }
}

@Suite struct ControlPacketTests {
    static let report = ReceptionReport(
        source: 1, fractionLost: 64, totalLost: -3, highestSequence: 0x1_0002, jitter: 5, lastReport: 6,
        delaySinceLastReport: 7)
    static let compound: [ControlPacket] = [
        .senderReport(source: 9, time: 0x0102_0304_0506_0708, timestamp: 3, packets: 4, bytes: 5, reports: [report]),
        .receiverReport(source: 8, reports: [report, report]), .goodbye(sources: [9, 8]),
    ]

    @Test func whatIsWrittenIsReadAgain() {
        #expect(ControlPacket.parse(Self.compound.flatMap(\.bytes)) == Self.compound)
    }

    @Test func otherPartsArePassedOver() {
        let description = ControlPacket.description(source: 9, canonicalName: "someone")
        #expect(description.bytes.count % 4 == 0)
        #expect(ControlPacket.parse(description.bytes + Self.compound[2].bytes) == [Self.compound[2]])
    }

    @Test func damagedPacketsNeverCrash() {
        var refused = 0
        fuzz([Self.compound.flatMap(\.bytes)] + Self.compound.map(\.bytes)) {
            if ControlPacket.parse($0) == nil { refused += 1 }
        }
        #expect(refused > 0)
    }
}

@Suite struct ReceptionStatisticsTests {
    @Test func lossIsCountedOverAllAndSinceTheLastReport() {
        var statistics = ReceptionStatistics()
        for number in 0..<100 where number % 4 != 3 { statistics.note(packet(number), now: at(number * 20)) }
        // The last of the hundred is lost too, but nobody can know before another comes.
        #expect(statistics.lost == 24)
        let first = statistics.makeReport(source: 1, lastReport: 0, delay: 0)
        #expect(first.fractionLost == UInt8(24 * 256 / 99))
        for number in 100..<200 { statistics.note(packet(number), now: at(number * 20)) }
        let second = statistics.makeReport(source: 1, lastReport: 0, delay: 0)
        #expect(second.totalLost == 25)
        #expect(second.fractionLost == UInt8(256 / 101))
    }

    @Test func sequenceNumbersBeginAgainWithoutLoss() {
        var statistics = ReceptionStatistics()
        for number in 65_000..<66_000 { statistics.note(packet(number), now: at(number * 20)) }
        #expect(statistics.lost == 0)
        #expect(statistics.makeReport(source: 1, lastReport: 0, delay: 0).highestSequence == 65_999)
    }

    @Test func evenPacketsHaveNoJitterAndUnevenOnesTheirs() {
        var even = ReceptionStatistics()
        var uneven = ReceptionStatistics()
        for number in 0..<500 {
            even.note(packet(number), now: at(number * 20))
            uneven.note(packet(number), now: at(number * 20 + (number % 2) * 10))
        }
        #expect(even.jitterSeconds < 0.0001)
        #expect(abs(uneven.jitterSeconds - 0.010) < 0.001)
    }

    private func packet(_ number: Int) -> RTPPacket {
        RTPPacket(
            payloadType: 111, isMarked: false, sequenceNumber: UInt16(truncatingIfNeeded: number),
            timestamp: UInt32(number * 960), source: 1, payload: [0])
    }
}

@Suite struct ReorderBufferTests {
    @Test func packetsInOrderPassAtOnce() {
        var buffer = ReorderBuffer()
        for number in 65_530..<65_540 {
            _ = buffer.insert(packet(number), now: at(0))
            #expect(buffer.takeNext(now: at(0)) == .init(packet: packet(number), lostBefore: 0))
        }
        #expect(buffer.takeNext(now: at(0)) == nil)
    }

    @Test func exchangedPacketsArePutInOrder() {
        #expect(play([1, 3, 2, 5, 4, 6]).map(\.packet.sequenceNumber) == [1, 2, 3, 4, 5, 6])
    }

    @Test func aGapIsGivenUpAfterSixtyMilliseconds() {
        var buffer = ReorderBuffer()
        _ = buffer.insert(packet(1), now: at(0))
        _ = buffer.takeNext(now: at(0))
        _ = buffer.insert(packet(4), now: at(60))
        #expect(buffer.takeNext(now: at(119)) == nil)
        #expect(buffer.takeNext(now: at(120)) == .init(packet: packet(4), lostBefore: 2))
    }

    @Test func duplicatesAndLatePacketsAreDropped() {
        let played = play([1, 2, 2, 1, 3, 3])
        #expect(played.map(\.packet.sequenceNumber) == [1, 2, 3])
    }

    @Test func aLineThatDeliversLateIsWaitedForLongerAndThenLessAgain() {
        var buffer = ReorderBuffer()
        _ = buffer.insert(packet(1), now: at(0))
        _ = buffer.takeNext(now: at(0))
        _ = buffer.insert(packet(3), now: at(40))
        #expect(buffer.takeNext(now: at(100))?.lostBefore == 1)
        _ = buffer.insert(packet(2), now: at(130))
        #expect(buffer.hold == .milliseconds(100))
        buffer.relax(now: at(9_000))
        #expect(buffer.hold == .milliseconds(100))
        buffer.relax(now: at(10_200))
        #expect(buffer.hold == .milliseconds(80))
    }

    @Test func aSenderThatBeginsAnewIsFollowed() {
        var buffer = ReorderBuffer()
        _ = buffer.insert(packet(1), now: at(0))
        _ = buffer.takeNext(now: at(0))
        #expect(buffer.insert(packet(20_000), now: at(20)) == .restarted)
        #expect(buffer.takeNext(now: at(20)) == .init(packet: packet(20_000), lostBefore: 0))
    }

    @Test func everyPacketIsPlayedOnceAndInOrderWhateverTheLine() {
        for seed in 0..<50 as Range<UInt64> {
            var chance = SeededGenerator(seed: seed)
            var arrivals: [(number: Int, at: Int)] = []
            for number in 0..<200 where !Int.random(in: 0..<5, using: &chance).isMultiple(of: 5) {
                arrivals.append((number, number * 20 + .random(in: 0..<100, using: &chance)))
            }
            var buffer = ReorderBuffer()
            var items: [ReorderBuffer.Item] = []
            var next = 0
            arrivals.sort { $0.at < $1.at }
            for time in stride(from: 0, to: 5_000, by: 5) {
                while next < arrivals.count, arrivals[next].at <= time {
                    _ = buffer.insert(packet(arrivals[next].number), now: at(time))
                    next += 1
                }
                while let item = buffer.takeNext(now: at(time)) { items.append(item) }
            }
            let numbers = items.map { Int($0.packet.sequenceNumber) }
            #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
            var expected = numbers[0]
            for item in items.dropFirst() {
                expected += 1 + item.lostBefore
                #expect(Int(item.packet.sequenceNumber) == expected)
            }
        }
    }

    private func play(_ numbers: [Int]) -> [ReorderBuffer.Item] {
        var buffer = ReorderBuffer()
        var items: [ReorderBuffer.Item] = []
        for (index, number) in numbers.enumerated() {
            _ = buffer.insert(packet(number), now: at(index))
            while let item = buffer.takeNext(now: at(index)) { items.append(item) }
        }
        return items
    }

    private func packet(_ number: Int) -> RTPPacket {
        RTPPacket(
            payloadType: 111, isMarked: false, sequenceNumber: UInt16(truncatingIfNeeded: number),
            timestamp: UInt32(number * 960), source: 1, payload: [0])
    }
}
