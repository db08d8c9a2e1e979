import CRealtime

/// A self-signed certificate made on the spot: who this side is in every DTLS handshake of a server.
package final class Certificate: @unchecked Sendable {
    // Safe to share: nothing changes it after it was made.
    let pointer: OpaquePointer
    /// Its SHA-256 digest, as SDP writes it: `AB:CD:…`.
    package let fingerprint: String

    /// Makes a key and a certificate for it.
    package init() throws(WebRTCError) {
        guard let pointer = rt_certificate_create() else {
            throw .libraryFailed("OpenSSL could not make a certificate")
        }
        self.pointer = pointer
        var digest = [UInt8](repeating: 0, count: 32)
        guard rt_certificate_fingerprint(pointer, &digest) else {
            rt_certificate_free(pointer)
            throw .libraryFailed("OpenSSL could not make the certificate's fingerprint")
        }
        fingerprint = Fingerprint(bits: 256, digest: digest).text
    }

    deinit {
        rt_certificate_free(pointer)
    }
}
