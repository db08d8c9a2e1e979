import NIOCore

/// A STUN message (RFC 8489) with the attributes that ICE uses.
package struct STUNMessage: Equatable {
    /// What the message is; binding is the only method ICE knows.
    package enum Kind: UInt16 {
        case request = 0x0001
        case indication = 0x0011
        case success = 0x0101
        case failure = 0x0111
    }

    package var kind: Kind
    /// 12 bytes that tie an answer to its request.
    package var transaction: [UInt8]
    /// The receiver's and then the sender's username fragment, with a colon between.
    package var username: String?
    package var priority: UInt32?
    package var isNominating = false
    /// The tie-breaker of a sender that takes the controlling role.
    package var controlling: UInt64?
    /// The tie-breaker of a sender that takes the controlled role.
    package var controlled: UInt64?
    /// Where the request came from, as the other side saw it.
    package var mappedAddress: SocketAddress?
    package var errorCode: Int?
    /// Where the integrity attribute begins, in bytes; nil when the message is not signed.
    package var integrityOffset: Int?

    /// A message without attributes.
    package init(kind: Kind, transaction: [UInt8]) {
        self.kind = kind
        self.transaction = transaction
    }

    /// Twelve bytes of chance.
    package static func makeTransaction() -> [UInt8] {
        (0..<12).map { _ in UInt8.random(in: 0...255) }
    }

    static let headerLength = 20
    static let cookie: [UInt8] = [0x21, 0x12, 0xA4, 0x42]
    static let fingerprintMask: UInt32 = 0x5354_554E

    enum Attribute {
        static let username: UInt16 = 0x0006
        static let messageIntegrity: UInt16 = 0x0008
        static let errorCode: UInt16 = 0x0009
        static let mappedAddress: UInt16 = 0x0020
        static let priority: UInt16 = 0x0024
        static let useCandidate: UInt16 = 0x0025
        static let fingerprint: UInt16 = 0x8028
        static let controlled: UInt16 = 0x8029
        static let controlling: UInt16 = 0x802A
    }
}
