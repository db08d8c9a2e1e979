import CRealtime
import NIOCore

/// One SCTP association inside DTLS: messages on numbered streams (RFC 8831).
///
/// All associations of a process share their library's state and timers, so they all belong to ``WebRTCThread``.
package final class SCTPAssociation {
    /// What came from the peer.
    package enum Event: Equatable {
        case message([UInt8], stream: UInt16, protocol: UInt32)
        /// The peer closed its half of the stream.
        case streamClosed(UInt16)
    }

    /// What became of a message to send.
    package enum Sending {
        case sent
        /// The buffer is full: try again later.
        case full
        /// Cannot be sent at all.
        case refused
    }

    private let pointer: OpaquePointer

    /// An association that connects at once.
    ///
    /// - Parameter maximumMessage: Bytes; a larger message from the peer is dropped.
    package init(localPort: UInt16, remotePort: UInt16, maximumMessage: Int) throws(WebRTCError) {
        Self.runTimers(now: .now())
        guard let pointer = rt_sctp_create(localPort, remotePort, maximumMessage) else {
            throw .libraryFailed("usrsctp could not make an association")
        }
        self.pointer = pointer
    }

    deinit {
        rt_sctp_free(pointer)
    }

    /// Runs the timers of all associations of the process.
    package static func runTimers(now: NIODeadline) {
        rt_sctp_run_timers(now.uptimeNanoseconds / 1_000_000)
    }

    /// Whether messages can be sent.
    package var isConnected: Bool { rt_sctp_get_state(pointer) == RT_SCTP_CONNECTED }

    /// Whether the peer ended the association.
    package var isClosed: Bool { rt_sctp_get_state(pointer) == RT_SCTP_CLOSED }

    /// Takes a packet from the peer.
    package func receive(_ packet: [UInt8]) {
        rt_sctp_receive(pointer, packet, packet.count)
    }

    /// Queues a message for the peer, reliable and in order.
    package func send(_ message: [UInt8], stream: UInt16, protocol identifier: UInt32) -> Sending {
        switch rt_sctp_send(pointer, stream, identifier, message, message.count) {
        case 1: .sent
        case 0: .full
        default: .refused
        }
    }

    /// Closes this side's half of a stream.
    package func close(stream: UInt16) {
        rt_sctp_close_stream(pointer, stream)
    }

    /// Ends the association; what tells the peer is among the next packets.
    package func abort() {
        rt_sctp_abort(pointer)
    }

    /// The next packet to send to the peer.
    package func nextPacket() -> [UInt8]? {
        takeBytes(capacity: 2048) { rt_sctp_next_packet(pointer, $0, $1) }
    }

    /// What comes next from the peer.
    package func nextEvent() -> Event? {
        let event = rt_sctp_peek_event(pointer)
        switch event.kind {
        case RT_SCTP_MESSAGE:
            let bytes = takeBytes(capacity: max(event.length, 1)) { rt_sctp_take_event(pointer, $0, $1) }
            return .message(bytes ?? [], stream: event.stream, protocol: event.protocol)
        case RT_SCTP_STREAM_CLOSED:
            _ = rt_sctp_take_event(pointer, nil, 0)
            return .streamClosed(event.stream)
        default:
            return nil
        }
    }
}
