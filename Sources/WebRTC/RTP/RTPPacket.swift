/// An RTP packet (RFC 3550, section 5.1), without the header extensions.
package struct RTPPacket: Equatable {
    package var payloadType: UInt8
    package var isMarked: Bool
    package var sequenceNumber: UInt16
    /// In the clock of the payload: 48 kHz for Opus, whatever the sound's own rate.
    package var timestamp: UInt32
    package var source: UInt32
    package var payload: [UInt8]

    package init(
        payloadType: UInt8, isMarked: Bool, sequenceNumber: UInt16, timestamp: UInt32, source: UInt32, payload: [UInt8]
    ) {
        self.payloadType = payloadType
        self.isMarked = isMarked
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.source = source
        self.payload = payload
    }

    /// Reads a packet; nil when it is malformed.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count >= 12, bytes[0] >> 6 == 2 else { return nil }
        var start = 12 + 4 * Int(bytes[0] & 15)
        if bytes[0] & 0x10 != 0 {
            guard start + 4 <= bytes.count else { return nil }
            start += 4 + 4 * Int(bytes.number16(at: start + 2))
        }
        var end = bytes.count
        if bytes[0] & 0x20 != 0 {
            guard let padding = bytes.last, padding > 0 else { return nil }
            end -= Int(padding)
        }
        guard start <= end else { return nil }
        self.init(
            payloadType: bytes[1] & 0x7F, isMarked: bytes[1] & 0x80 != 0, sequenceNumber: bytes.number16(at: 2),
            timestamp: bytes.number32(at: 4), source: bytes.number32(at: 8), payload: Array(bytes[start..<end]))
    }

    /// The packet as it is sent, before encryption.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [0x80, payloadType | (isMarked ? 0x80 : 0)]
        bytes.reserveCapacity(12 + payload.count)
        bytes.appendNumber16(sequenceNumber)
        bytes.appendNumber32(timestamp)
        bytes.appendNumber32(source)
        return bytes + payload
    }
}
