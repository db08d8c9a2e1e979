import NIOCore

extension STUNMessage {
    /// The message as it is sent, signed with a password if there is one, and with its fingerprint.
    package func bytes(password: String?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendNumber16(kind.rawValue)
        bytes.appendNumber16(0)
        bytes += Self.cookie + transaction
        appendAttributes(to: &bytes)
        if let password {
            bytes.setNumber16(bytes.count + 24 - Self.headerLength, at: 2)
            if let signature = Self.signature(of: bytes, password: password) {
                Self.append(Attribute.messageIntegrity, signature, to: &bytes)
            }
        }
        bytes.setNumber16(bytes.count + 8 - Self.headerLength, at: 2)
        Self.append(Attribute.fingerprint, (crc32(bytes[...]) ^ Self.fingerprintMask).bigEndianBytes, to: &bytes)
        return bytes
    }

    private func appendAttributes(to bytes: inout [UInt8]) {
        if let username { Self.append(Attribute.username, Array(username.utf8), to: &bytes) }
        if let priority { Self.append(Attribute.priority, priority.bigEndianBytes, to: &bytes) }
        if isNominating { Self.append(Attribute.useCandidate, [], to: &bytes) }
        if let controlling { Self.append(Attribute.controlling, controlling.bigEndianBytes, to: &bytes) }
        if let controlled { Self.append(Attribute.controlled, controlled.bigEndianBytes, to: &bytes) }
        if let errorCode {
            Self.append(Attribute.errorCode, [0, 0, UInt8(errorCode / 100), UInt8(errorCode % 100)], to: &bytes)
        }
        if let mappedAddress, let value = Self.value(of: mappedAddress, transaction: transaction) {
            Self.append(Attribute.mappedAddress, value, to: &bytes)
        }
    }

    private static func append(_ attribute: UInt16, _ value: [UInt8], to bytes: inout [UInt8]) {
        bytes.appendNumber16(attribute)
        bytes.appendNumber16(UInt16(value.count))
        bytes += value
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private static func value(of address: SocketAddress, transaction: [UInt8]) -> [UInt8]? {
        guard let port = address.port, let packed = address.packedBytes else { return nil }
        var value: [UInt8] = [0, packed.count == 4 ? 1 : 2]
        value.appendNumber16(UInt16(truncatingIfNeeded: port) ^ 0x2112)
        return value + zip(packed, cookie + transaction).map { $0 ^ $1 }
    }
}

extension SocketAddress {
    /// The address without its port, in network order: 4 bytes or 16; nil for what is no IP address.
    var packedBytes: [UInt8]? {
        switch self {
        case .v4(let address): withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address): withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        case .unixDomainSocket: nil
        }
    }
}
