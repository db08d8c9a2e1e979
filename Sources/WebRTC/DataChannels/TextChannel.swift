/// Text messages over the data channels that the peer opens.
///
/// Every channel may be opened and closed; text is taken from all, and sent on the one opened last.
package final class TextChannel {
    /// What happened.
    package enum Event: Equatable {
        case opened
        case message(String)
    }

    private let association: SCTPAssociation
    private let maximumMessage: Int
    private let maximumOutgoing: Int
    private var streams: [UInt16] = []
    // What the association has no room for yet.
    private var waiting: [String] = []
    private var waitingBytes = 0

    /// - Parameters:
    ///   - maximumMessage: Bytes of a message from the peer; a larger one is dropped.
    ///   - maximumOutgoing: Bytes of a message that the peer takes; a larger one is not sent.
    package init(
        localPort: UInt16, remotePort: UInt16, maximumMessage: Int, maximumOutgoing: Int
    ) throws(WebRTCError) {
        association = try SCTPAssociation(
            localPort: localPort, remotePort: remotePort, maximumMessage: maximumMessage)
        self.maximumMessage = maximumMessage
        self.maximumOutgoing = maximumOutgoing
    }

    /// Whether there is a channel to send on.
    package var isOpen: Bool { !streams.isEmpty && !association.isClosed }

    /// Opens a channel from this side.
    package func open(label: String, stream: UInt16) -> Bool {
        let message = DataChannelMessage.open(label: label, protocolName: "").bytes
        guard case .sent = association.send(message, stream: stream, protocol: PayloadProtocol.establishment) else {
            return false
        }
        return true
    }

    /// Whether channels can be opened.
    package var isConnected: Bool { association.isConnected }

    /// Takes a packet from the peer; what it brought is in the result.
    package func receive(_ packet: [UInt8]) -> [Event] {
        association.receive(packet)
        var events: [Event] = []
        while let event = association.nextEvent() {
            switch event {
            case .streamClosed(let stream): close(stream)
            case .message(let bytes, let stream, let identifier):
                if let event = take(bytes, stream: stream, identifier: identifier) { events.append(event) }
            }
        }
        sendWaiting()
        return events
    }

    /// Sends a text; false when there is no channel, the peer takes nothing so large, or too much is waiting already.
    package func send(_ text: String) -> Bool {
        let size = text.utf8.count
        guard isOpen, size <= maximumOutgoing, waitingBytes + size <= Self.maximumWaiting else { return false }
        waiting.append(text)
        waitingBytes += size
        sendWaiting()
        return true
    }

    /// The next packet for the peer.
    package func nextPacket() -> [UInt8]? {
        association.nextPacket()
    }

    /// Ends all channels; what tells the peer is among the next packets.
    package func close() {
        association.abort()
        streams = []
    }

    private static let maximumWaiting = 1 << 20

    private func take(_ bytes: [UInt8], stream: UInt16, identifier: UInt32) -> Event? {
        switch identifier {
        case PayloadProtocol.establishment:
            return establish(DataChannelMessage(parsing: bytes), stream: stream)
        case PayloadProtocol.text:
            guard bytes.count <= maximumMessage, let text = String(validating: bytes, as: UTF8.self) else { return nil }
            return .message(text)
        case PayloadProtocol.emptyText:
            return .message("")
        default:
            // Binary messages have no meaning on this line.
            return nil
        }
    }

    private func establish(_ message: DataChannelMessage?, stream: UInt16) -> Event? {
        guard let message else { return nil }
        if case .open = message {
            _ = association.send(
                DataChannelMessage.acknowledge.bytes, stream: stream, protocol: PayloadProtocol.establishment)
        }
        let wasOpen = isOpen
        if !streams.contains(stream) { streams.append(stream) }
        return wasOpen ? nil : .opened
    }

    private func close(_ stream: UInt16) {
        guard streams.contains(stream) else { return }
        streams.removeAll { $0 == stream }
        association.close(stream: stream)
    }

    private func sendWaiting() {
        while let text = waiting.first, let stream = streams.last {
            // An empty message is sent as one byte of another kind: SCTP has no empty messages.
            let bytes = text.isEmpty ? [0] : Array(text.utf8)
            let identifier = text.isEmpty ? PayloadProtocol.emptyText : PayloadProtocol.text
            if case .full = association.send(bytes, stream: stream, protocol: identifier) { return }
            waiting.removeFirst()
            waitingBytes -= text.utf8.count
        }
    }
}
