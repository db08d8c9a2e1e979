import CRealtime

/// Encrypts and checks RTP and RTCP in both directions, with keys from a DTLS handshake.
package final class SRTPSession {
    private let pointer: OpaquePointer

    /// Takes the keys of a connected session; nil when the peer agreed on no kind of SRTP.
    package init?(_ dtls: DTLSSession) {
        guard let pointer = rt_srtp_create(dtls.pointer) else { return nil }
        self.pointer = pointer
    }

    deinit {
        rt_srtp_free(pointer)
    }

    /// The RTP packet as it goes over the wire.
    package func protect(_ packet: [UInt8]) -> [UInt8]? {
        transformed(packet, room: Int(RT_SRTP_OVERHEAD)) { rt_srtp_protect(pointer, $0, $1) }
    }

    /// The RTP packet inside; nil when it is forged, replayed or malformed.
    package func unprotect(_ packet: [UInt8]) -> [UInt8]? {
        transformed(packet, room: 0) { rt_srtp_unprotect(pointer, $0, $1) }
    }

    /// The RTCP packet as it goes over the wire.
    package func protectControl(_ packet: [UInt8]) -> [UInt8]? {
        transformed(packet, room: Int(RT_SRTP_OVERHEAD)) { rt_srtp_protect_rtcp(pointer, $0, $1) }
    }

    /// The RTCP packet inside; nil when it is forged, replayed or malformed.
    package func unprotectControl(_ packet: [UInt8]) -> [UInt8]? {
        transformed(packet, room: 0) { rt_srtp_unprotect_rtcp(pointer, $0, $1) }
    }

    private func transformed(
        _ packet: [UInt8], room: Int, _ transform: (UnsafeMutablePointer<UInt8>, Int) -> Int
    ) -> [UInt8]? {
        // The library reads a header before it looks at the length.
        guard packet.count >= 12 || (packet.count >= 8 && packet[1] >= 192 && packet[1] < 224) else { return nil }
        return takeBytes(capacity: packet.count + room) { output, _ in
            packet.withUnsafeBufferPointer { output.update(from: $0.baseAddress!, count: $0.count) }
            return transform(output, packet.count)
        }
    }
}
