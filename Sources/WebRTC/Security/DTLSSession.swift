import CRealtime

/// One DTLS connection without a socket: datagrams go in and come out, and so do the messages inside.
///
/// Nothing is verified by itself: compare ``peerFingerprint(bits:)`` when the state becomes connected, and use no byte
/// and no key before.
package final class DTLSSession {
    /// Where the connection stands.
    package enum State: Equatable {
        case handshaking, connected
        /// The peer said goodbye.
        case closed
        /// The handshake or the connection broke; the text is the library's.
        case failed(String)
    }

    /// The largest datagram sent: it passes any IPv6 link, with room for a tunnel.
    package static let maximumDatagram = 1200

    let pointer: OpaquePointer

    /// A session that waits for the peer's first flight, or sends its own when it `isClient`.
    package init(certificate: Certificate, isClient: Bool) throws(WebRTCError) {
        guard let pointer = rt_dtls_create(certificate.pointer, isClient, Self.maximumDatagram) else {
            throw .libraryFailed("OpenSSL could not make a DTLS session")
        }
        self.pointer = pointer
        rt_dtls_start(pointer)
    }

    deinit {
        rt_dtls_free(pointer)
    }

    /// Where the connection stands.
    package var state: State {
        switch rt_dtls_get_state(pointer) {
        case RT_DTLS_HANDSHAKING: .handshaking
        case RT_DTLS_CONNECTED: .connected
        case RT_DTLS_CLOSED: .closed
        default: .failed(String(cString: rt_dtls_failure(pointer)))
        }
    }

    /// Takes a datagram from the peer.
    package func receive(_ datagram: [UInt8]) {
        rt_dtls_receive(pointer, datagram, datagram.count)
    }

    /// Encrypts a message into a datagram; one that does not fit is dropped, like one the network loses.
    package func send(_ message: [UInt8]) {
        _ = rt_dtls_send(pointer, message, message.count)
    }

    /// Says goodbye.
    package func close() {
        rt_dtls_close(pointer)
    }

    /// Sends the last flight of the handshake again if it is time to.
    package func repeatFlightIfDue() {
        if rt_dtls_timeout_ms(pointer) == 0 { rt_dtls_handle_timeout(pointer) }
    }

    /// The next datagram to send to the peer.
    package func nextDatagram() -> [UInt8]? {
        takeBytes(capacity: 2 * Self.maximumDatagram) { rt_dtls_next_datagram(pointer, $0, $1) }
    }

    /// The next message from the peer.
    package func nextMessage() -> [UInt8]? {
        takeBytes(capacity: 1 << 14) { rt_dtls_next_message(pointer, $0, $1) }
    }

    /// The digest of the certificate the peer has shown.
    package func peerFingerprint(bits: Int) -> Fingerprint? {
        let digest = takeBytes(capacity: 64) { output, _ in rt_dtls_peer_fingerprint(pointer, Int32(bits), output) }
        return digest.map { Fingerprint(bits: bits, digest: $0) }
    }
}

/// The bytes that a C function writes and counts; nil when it wrote none.
func takeBytes(capacity: Int, _ write: (UnsafeMutablePointer<UInt8>, Int) -> Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = buffer.baseAddress.map { write($0, capacity) } ?? 0
    }
    return bytes.isEmpty ? nil : bytes
}
