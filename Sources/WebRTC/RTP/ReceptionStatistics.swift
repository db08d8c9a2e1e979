import NIOCore

/// Counts a source's packets and measures their jitter as RFC 3550 (sections 6.4.1 and A.8) wants it reported.
package struct ReceptionStatistics {
    /// Packets that came, duplicates among them.
    package private(set) var received = 0
    private var unwrapper = SequenceUnwrapper()
    private var first: Int?
    private var highest = 0
    private var jitterInClock = 0.0
    private var lastTransit: Double?
    private var expectedAtLastReport = 0
    private var receivedAtLastReport = 0

    private static let clock = 48_000.0

    package init() {}

    /// Packets that should have come.
    package var expected: Int { first.map { highest - $0 + 1 } ?? 0 }

    /// Packets that did not come, or not yet.
    package var lost: Int { expected - received }

    /// The mean deviation of the packets' distances, in seconds.
    package var jitterSeconds: Double { jitterInClock / Self.clock }

    /// Notes a packet.
    package mutating func note(_ packet: RTPPacket, now: NIODeadline) {
        let number = unwrapper.unwrap(packet.sequenceNumber)
        if first == nil {
            first = number
            highest = number
        }
        highest = max(highest, number)
        received += 1
        let arrival = Double(now.uptimeNanoseconds) / 1e9 * Self.clock
        let transit = arrival - Double(packet.timestamp)
        if let lastTransit {
            // The timestamp begins again at 2³²: differences of so much are no jitter.
            let deviation = abs(transit - lastTransit)
            if deviation < Self.clock * 10 { jitterInClock += (deviation - jitterInClock) / 16 }
        }
        lastTransit = transit
    }

    /// The report about the source, whose loss counts from the report before.
    package mutating func makeReport(source: UInt32, lastReport: UInt32, delay: UInt32) -> ReceptionReport {
        let expectedNow = expected - expectedAtLastReport
        let lostNow = expectedNow - (received - receivedAtLastReport)
        expectedAtLastReport = expected
        receivedAtLastReport = received
        let fraction = expectedNow > 0 && lostNow > 0 ? min(255, lostNow * 256 / expectedNow) : 0
        return ReceptionReport(
            source: source, fractionLost: UInt8(fraction), totalLost: Int32(clamping: lost),
            highestSequence: UInt32(truncatingIfNeeded: highest), jitter: UInt32(clamping: Int(jitterInClock)),
            lastReport: lastReport, delaySinceLastReport: delay)
    }
}
