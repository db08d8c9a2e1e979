/// The digest of a certificate, by which the peer of a DTLS handshake is known (RFC 8122).
package struct Fingerprint: Sendable, Equatable {
    /// The hash function's size: 256, 384 or 512 bits of SHA-2.
    package var bits: Int
    package var digest: [UInt8]

    package init(bits: Int, digest: [UInt8]) {
        self.bits = bits
        self.digest = digest
    }

    /// Reads an SDP attribute's value, like `sha-256 AB:CD:…`; nil for another hash function or a malformed digest.
    package init?(attribute: String) {
        let parts = attribute.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, let bits = Self.sizes[parts[0].lowercased()] else { return nil }
        let octets = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard octets.count == bits / 8 else { return nil }
        digest = []
        for octet in octets {
            guard octet.utf8.count == 2, octet.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let byte = UInt8(octet, radix: 16)
            else { return nil }
            digest.append(byte)
        }
        self.bits = bits
    }

    /// The digest as SDP writes it.
    package var text: String {
        let digits = Array("0123456789ABCDEF")
        return digest.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: ":")
    }

    private static let sizes = ["sha-256": 256, "sha-384": 384, "sha-512": 512]
}
