/// What one side has received of a source's packets (RFC 3550, section 6.4.1).
package struct ReceptionReport: Equatable {
    package var source: UInt32
    /// Of 256 packets expected since the last report, how many were lost.
    package var fractionLost: UInt8
    /// Packets lost since the beginning; negative when there were duplicates.
    package var totalLost: Int32
    /// The highest sequence number, with its cycles above.
    package var highestSequence: UInt32
    /// In the payload's clock.
    package var jitter: UInt32
    /// The middle of the time in the last sender report, and 1/65536 s since it came; both 0 before the first.
    package var lastReport: UInt32
    package var delaySinceLastReport: UInt32

    package init(
        source: UInt32, fractionLost: UInt8, totalLost: Int32, highestSequence: UInt32, jitter: UInt32,
        lastReport: UInt32, delaySinceLastReport: UInt32
    ) {
        self.source = source
        self.fractionLost = fractionLost
        self.totalLost = totalLost
        self.highestSequence = highestSequence
        self.jitter = jitter
        self.lastReport = lastReport
        self.delaySinceLastReport = delaySinceLastReport
    }
}

/// A part of a compound RTCP packet: those that matter for one voice each way.
package enum ControlPacket: Equatable {
    /// What a sender has sent, with the wall clock's time (NTP, 32.32 bits) of an RTP timestamp.
    case senderReport(
        source: UInt32, time: UInt64, timestamp: UInt32, packets: UInt32, bytes: UInt32, reports: [ReceptionReport])
    case receiverReport(source: UInt32, reports: [ReceptionReport])
    /// Who the source is.
    case description(source: UInt32, canonicalName: String)
    case goodbye(sources: [UInt32])

    /// Reads a compound packet; parts of other kinds are passed over, and nil is a malformed one.
    package static func parse(_ bytes: [UInt8]) -> [ControlPacket]? {
        var packets: [ControlPacket] = []
        var start = 0
        while start < bytes.count {
            guard start + 4 <= bytes.count, bytes[start] >> 6 == 2 else { return nil }
            let end = start + 4 + 4 * Int(bytes.number16(at: start + 2))
            guard end <= bytes.count else { return nil }
            let part = Array(bytes[start..<end])
            switch part[1] {
            case 200, 201:
                guard let report = report(part) else { return nil }
                packets.append(report)
            case 203:
                guard part.count >= 4 + 4 * Int(part[0] & 31) else { return nil }
                packets.append(.goodbye(sources: (0..<Int(part[0] & 31)).map { part.number32(at: 4 + 4 * $0) }))
            default:
                break
            }
            start = end
        }
        return packets
    }

    private static func report(_ part: [UInt8]) -> ControlPacket? {
        let first = part[1] == 200 ? 28 : 8
        let count = Int(part[0] & 31)
        guard part.count >= first + 24 * count else { return nil }
        let reports = (0..<count).map { ReceptionReport(part, at: first + 24 * $0) }
        let source = part.number32(at: 4)
        guard part[1] == 200 else { return .receiverReport(source: source, reports: reports) }
        return .senderReport(
            source: source, time: part.number64(at: 8), timestamp: part.number32(at: 16),
            packets: part.number32(at: 20), bytes: part.number32(at: 24), reports: reports)
    }
}

extension ControlPacket {
    /// The packet as it is sent, before encryption.
    package var bytes: [UInt8] {
        switch self {
        case .senderReport(let source, let time, let timestamp, let packets, let octets, let reports):
            let head =
                source.bigEndianBytes + time.bigEndianBytes + timestamp.bigEndianBytes + packets.bigEndianBytes
                + octets.bigEndianBytes
            return Self.part(200, count: reports.count, head + reports.flatMap(\.bytes))
        case .receiverReport(let source, let reports):
            return Self.part(201, count: reports.count, source.bigEndianBytes + reports.flatMap(\.bytes))
        case .description(let source, let name):
            let name = Array(name.utf8.prefix(255))
            var chunk = source.bigEndianBytes + [1, UInt8(name.count)] + name + [0]
            while chunk.count % 4 != 0 { chunk.append(0) }
            return Self.part(202, count: 1, chunk)
        case .goodbye(let sources):
            return Self.part(203, count: sources.count, sources.flatMap(\.bigEndianBytes))
        }
    }

    private static func part(_ type: UInt8, count: Int, _ content: [UInt8]) -> [UInt8] {
        [0x80 | UInt8(count & 31), type] + UInt16(content.count / 4).bigEndianBytes + content
    }
}

extension ReceptionReport {
    init(_ part: [UInt8], at offset: Int) {
        let lost = part.number32(at: offset + 4)
        self.init(
            source: part.number32(at: offset), fractionLost: UInt8(lost >> 24),
            // 24 bits with a sign.
            totalLost: Int32(bitPattern: lost << 8) >> 8, highestSequence: part.number32(at: offset + 8),
            jitter: part.number32(at: offset + 12), lastReport: part.number32(at: offset + 16),
            delaySinceLastReport: part.number32(at: offset + 20))
    }

    var bytes: [UInt8] {
        let lost = UInt32(bitPattern: min(max(totalLost, -0x80_0000), 0x7F_FFFF)) & 0xFF_FFFF
        return source.bigEndianBytes + (UInt32(fractionLost) << 24 | lost).bigEndianBytes
            + highestSequence.bigEndianBytes + jitter.bigEndianBytes + lastReport.bigEndianBytes
            + delaySinceLastReport.bigEndianBytes
    }
}
