import NIOCore

/// One negotiated peer of a call: its way through the network, its encryption, its sound and its messages.
///
/// It has no socket and no timer: datagrams and ticks go in, and ``takeDatagrams()`` and ``takeEvents()`` give what
/// came of them.
package final class Peer {
    /// What happened.
    package enum Event: Equatable {
        case connected
        case channelOpened
        case audio(AudioReceiver.Frame)
        case message(String)
        /// The peer said goodbye.
        case left
        case failed(String)
    }

    /// Limits that come from the server's options.
    package struct Limits {
        package var maximumMessage: Int
        package init(maximumMessage: Int) { self.maximumMessage = maximumMessage }
    }

    package private(set) var ice: ICEAgent
    package private(set) var offer: Offer
    package let created: NIODeadline
    package private(set) var connected: NIODeadline?
    /// When the last thing came that only the peer can have sent.
    package private(set) var lastHeard: NIODeadline
    private let limits: Limits
    private let dtls: DTLSSession
    private var audio: AudioSession?
    private var channel: TextChannel?
    private var datagrams: [[UInt8]] = []
    private var events: [Event] = []
    private var isOver = false

    package init(
        _ offer: Offer, certificate: Certificate, limits: Limits, now: NIODeadline
    ) throws(WebRTCError) {
        self.offer = offer
        self.limits = limits
        ice = ICEAgent(remoteFragment: offer.iceFragment)
        dtls = try DTLSSession(certificate: certificate, isClient: false)
        if let section = offer.audio { audio = try AudioSession(section, now: now) }
        created = now
        lastHeard = now
    }

    /// The source of this side's sound; 0 without sound.
    package var ssrc: UInt32 { audio?.sender.source ?? 0 }

    /// Whether the voice has paused: nothing is sent until it goes on.
    package var isVoiceSilent: Bool { audio?.sender.hasPaused ?? true }

    /// Takes over a later offer from the same peer.
    package func update(_ offer: Offer, now: NIODeadline) throws(WebRTCError) {
        if offer.iceFragment != ice.remoteFragment { ice.restart(remoteFragment: offer.iceFragment) }
        if let section = offer.audio {
            if let audio {
                audio.update(section)
            } else {
                let added = try AudioSession(section, now: now)
                if connected != nil, let srtp = SRTPSession(dtls) { added.start(srtp) }
                audio = added
            }
        }
        self.offer = offer
        if connected != nil { openChannels() }
    }

    /// Takes a STUN message that names this peer.
    package func receive(
        _ message: STUNMessage, bytes: [UInt8], from source: SocketAddress, now: NIODeadline
    ) -> ICEAgent.Outcome {
        let outcome = ice.receive(message, bytes: bytes, from: source)
        if case .reply = outcome { lastHeard = now }
        return outcome
    }

    /// Takes a datagram that is not STUN, from an address that has proved to be the peer's.
    package func receive(_ datagram: [UInt8], now: NIODeadline) {
        guard let first = datagram.first, !isOver else { return }
        switch first {
        case 20..<64:
            dtls.receive(datagram)
            followDTLS(now: now)
        case 128..<192:
            guard let frames = audio?.receive(datagram, now: now) else { return }
            lastHeard = now
            events += frames.map(Event.audio)
        default:
            break
        }
    }

    /// Does what has become due; to be called every 20 ms.
    ///
    /// - Parameters:
    ///   - frames: How many frames of sound have become due since the last time.
    ///   - isHeard: Whether the peer is there to hear them.
    package func tick(_ source: (any AudioSource)?, frames: Int, isHeard: Bool, now: NIODeadline) {
        guard !isOver else { return }
        if connected == nil {
            dtls.repeatFlightIfDue()
        } else if let audio {
            let result = audio.tick(source, frames: frames, isHeard: isHeard, now: now)
            datagrams += result.packets
            events += result.frames.map(Event.audio)
        }
        drain()
    }

    /// Sends a text; false when the channel is not open or takes no more.
    package func send(_ text: String) -> Bool {
        let isSent = channel?.send(text) ?? false
        drain()
        return isSent
    }

    /// Says goodbye; the last datagrams are to be taken after it.
    package func close() {
        guard !isOver else { return }
        if connected != nil {
            if let goodbye = audio?.goodbye() { datagrams.append(goodbye) }
            channel?.close()
            drain()
        }
        dtls.close()
        drain()
        isOver = true
    }

    /// What is to be sent, oldest first.
    package func takeDatagrams() -> [[UInt8]] {
        defer { datagrams = [] }
        return datagrams
    }

    /// What has happened, oldest first.
    package func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    /// Fills in the counts.
    package func describe(in statistics: inout ConnectionStatistics) {
        statistics.connectSeconds = connected.map { Double(($0 - created).nanoseconds) / 1e9 }
        audio?.describe(in: &statistics)
    }

    private func followDTLS(now: NIODeadline) {
        switch dtls.state {
        case .handshaking: break
        case .failed(let reason): end(.failed("the DTLS handshake broke: \(reason)"))
        case .connected, .closed:
            if connected == nil { verify(now: now) }
            if !isOver { readMessages(now: now) }
            if dtls.state == .closed { end(.left) }
        }
        drain()
    }

    /// Lets the peer in if it has the certificate that its offer promised.
    private func verify(now: NIODeadline) {
        guard dtls.peerFingerprint(bits: offer.fingerprint.bits) == offer.fingerprint else {
            return end(.failed("the peer's certificate is not the one that its offer names"))
        }
        if let audio {
            guard let srtp = SRTPSession(dtls) else {
                return end(.failed("the peer supports neither AES-128-GCM nor AES-128-CM with SHA-1 for SRTP"))
            }
            audio.start(srtp)
        }
        connected = now
        lastHeard = now
        events.append(.connected)
        openChannels()
    }

    private func openChannels() {
        guard channel == nil, let section = offer.dataChannels else { return }
        do {
            channel = try TextChannel(
                localPort: section.port, remotePort: section.port, maximumMessage: limits.maximumMessage,
                maximumOutgoing: section.maximumMessage)
        } catch {
            end(.failed(error.description))
        }
    }

    private func readMessages(now: NIODeadline) {
        while let packet = dtls.nextMessage() {
            lastHeard = now
            for event in channel?.receive(packet) ?? [] {
                switch event {
                case .opened: events.append(.channelOpened)
                case .message(let text): events.append(.message(text))
                }
            }
        }
    }

    private func drain() {
        while let packet = channel?.nextPacket() { dtls.send(packet) }
        while let datagram = dtls.nextDatagram() { datagrams.append(datagram) }
    }

    private func end(_ event: Event) {
        guard !isOver else { return }
        drain()
        dtls.close()
        drain()
        isOver = true
        events.append(event)
    }
}
