import CRealtime
import NIOCore

extension STUNMessage {
    /// Reads a message; nil when it is not STUN, is malformed, or its fingerprint is wrong.
    ///
    /// Attributes behind the integrity attribute count for nothing, as the standard wants, but for the fingerprint.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count >= Self.headerLength, bytes.count % 4 == 0, Array(bytes[4..<8]) == Self.cookie,
            Int(bytes.number16(at: 2)) == bytes.count - Self.headerLength,
            let kind = Kind(rawValue: bytes.number16(at: 0))
        else { return nil }
        self.init(kind: kind, transaction: Array(bytes[8..<20]))
        var offset = Self.headerLength
        while offset < bytes.count {
            let attribute = bytes.number16(at: offset)
            let length = Int(bytes.number16(at: offset + 2))
            let value = offset + 4
            guard value + length <= bytes.count else { return nil }
            if attribute == Attribute.fingerprint {
                guard length == 4, value + 4 == bytes.count, Self.hasRightFingerprint(bytes) else { return nil }
            } else if integrityOffset == nil {
                guard take(attribute, bytes, at: value, length: length) else { return nil }
            }
            offset = value + (length + 3) / 4 * 4
        }
    }

    /// Whether the message in `bytes` was signed with this password.
    package func isSigned(with password: String, in bytes: [UInt8]) -> Bool {
        guard let integrityOffset, integrityOffset + 4 + Int(RT_SHA1_BYTES) <= bytes.count else { return false }
        // The length is signed as if the message ended with the integrity attribute.
        var signed = Array(bytes[..<integrityOffset])
        signed.setNumber16(integrityOffset + 24 - Self.headerLength, at: 2)
        guard let digest = Self.signature(of: signed, password: password) else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            rt_equal_in_constant_time(digest, bytes.baseAddress! + integrityOffset + 4, digest.count)
        }
    }

    static func signature(of bytes: [UInt8], password: String) -> [UInt8]? {
        let key = Array(password.utf8)
        var digest = [UInt8](repeating: 0, count: Int(RT_SHA1_BYTES))
        return rt_hmac_sha1(key, key.count, bytes, bytes.count, &digest) ? digest : nil
    }

    private mutating func take(_ attribute: UInt16, _ bytes: [UInt8], at value: Int, length: Int) -> Bool {
        switch attribute {
        case Attribute.username:
            guard length <= 512 else { return false }
            username = String(decoding: bytes[value..<value + length], as: UTF8.self)
        case Attribute.messageIntegrity:
            guard length == Int(RT_SHA1_BYTES) else { return false }
            integrityOffset = value - 4
        case Attribute.priority:
            guard length == 4 else { return false }
            priority = bytes.number32(at: value)
        case Attribute.useCandidate:
            isNominating = true
        case Attribute.controlling:
            guard length == 8 else { return false }
            controlling = bytes.number64(at: value)
        case Attribute.controlled:
            guard length == 8 else { return false }
            controlled = bytes.number64(at: value)
        case Attribute.mappedAddress:
            mappedAddress = Self.address(bytes[value..<value + length], transaction: transaction)
        case Attribute.errorCode:
            guard length >= 4 else { return false }
            errorCode = Int(bytes[value + 2] & 7) * 100 + Int(bytes[value + 3])
        default:
            break
        }
        return true
    }

    private static func hasRightFingerprint(_ bytes: [UInt8]) -> Bool {
        crc32(bytes[..<(bytes.count - 8)]) ^ fingerprintMask == bytes.number32(at: bytes.count - 4)
    }

    private static func address(_ value: ArraySlice<UInt8>, transaction: [UInt8]) -> SocketAddress? {
        let bytes = Array(value)
        guard bytes.count == 8 || bytes.count == 20 else { return nil }
        let port = bytes.number16(at: 2) ^ 0x2112
        let mask = cookie + transaction
        let address = zip(bytes[4...], mask).map { $0 ^ $1 }
        return try? SocketAddress(packedIPAddress: ByteBuffer(bytes: address), port: Int(port))
    }
}
