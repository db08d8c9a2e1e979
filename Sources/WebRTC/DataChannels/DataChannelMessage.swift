/// A message of the data channel establishment protocol (RFC 8832).
package enum DataChannelMessage: Equatable {
    /// The peer opens a channel on this stream.
    case open(label: String, protocolName: String)
    case acknowledge

    /// Reads a message; nil when it is malformed or of a kind that the standard does not know.
    package init?(parsing bytes: [UInt8]) {
        switch bytes.first {
        case 0x02:
            self = .acknowledge
        case 0x03:
            guard bytes.count >= 12 else { return nil }
            let labelLength = Int(bytes[8]) << 8 | Int(bytes[9])
            let protocolLength = Int(bytes[10]) << 8 | Int(bytes[11])
            guard bytes.count >= 12 + labelLength + protocolLength else { return nil }
            self = .open(
                label: String(decoding: bytes[12..<12 + labelLength], as: UTF8.self),
                protocolName: String(
                    decoding: bytes[12 + labelLength..<12 + labelLength + protocolLength], as: UTF8.self))
        default:
            return nil
        }
    }

    /// The message as it is sent; a channel is opened reliable and ordered.
    package var bytes: [UInt8] {
        switch self {
        case .acknowledge:
            return [0x02]
        case .open(let label, let protocolName):
            let label = Array(label.utf8.prefix(0xFFFF))
            let name = Array(protocolName.utf8.prefix(0xFFFF))
            return [0x03, 0, 0, 0, 0, 0, 0, 0]
                + [UInt8(label.count >> 8), UInt8(label.count & 255), UInt8(name.count >> 8), UInt8(name.count & 255)]
                + label + name
        }
    }
}

/// What a message on a data channel is (RFC 8831, section 8).
package enum PayloadProtocol {
    package static let establishment: UInt32 = 50
    package static let text: UInt32 = 51
    package static let emptyText: UInt32 = 56
}
