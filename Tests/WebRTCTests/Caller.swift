import Logging
import NIOCore
import WebRTC

/// The other side of a call, made of the same parts: it offers, checks ways, begins the handshake and opens a channel.
actor Caller {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }
    private nonisolated let loop = WebRTCThread.loop

    let certificate: Certificate
    private let host: String
    /// What share of the datagrams is lost, each way.
    private let loss: Double
    private var chance = SeededGenerator(seed: 1)
    private var socket: UDPSocket?
    private var dtls: DTLSSession
    private var audio: AudioSession
    private var channel: TextChannel?
    private var fragment = "call"
    private var remote: (address: SocketAddress, credentials: ICECredentials)?
    private var isReachable = false
    private var isStopped = false
    private var ticks = 0
    private var source: (any AudioSource)?
    private var isOpening = false
    private var hasOpened = false
    /// What came.
    private(set) var isConnected = false
    private(set) var texts: [String] = []
    private(set) var frames: [AudioReceiver.Frame] = []
    private(set) var hasBeenLeft = false

    init(host: String = "127.0.0.1", loss: Double = 0) throws {
        self.host = host
        self.loss = loss
        certificate = try Certificate()
        dtls = try DTLSSession(certificate: certificate, isClient: true)
        audio = try AudioSession(Offer.AudioSection(payloadType: 111, direction: .both), now: .now())
    }

    /// An offer for sound and a channel.
    func offer(fingerprint: String? = nil, extra: String = "") -> String {
        """
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        a=mid:0
        a=ice-ufrag:\(fragment)
        a=ice-pwd:0123456789012345678901
        a=fingerprint:sha-256 \(fingerprint ?? certificate.fingerprint)
        a=setup:actpass
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        a=mid:1
        a=sctp-port:5000
        \(extra)
        """
    }

    /// Begins to call, or to use the credentials of a later answer.
    func accept(_ answer: String) async throws {
        let description = try SessionDescription(parsing: answer)
        let attributes = description.sections[0].attributes
        func value(_ name: String) -> String { attributes.first { $0.name == name }?.value ?? "" }
        let candidate = value("candidate").split(separator: " ")
        let address = try SocketAddress(ipAddress: String(candidate[4]), port: Int(candidate[5]) ?? 0)
        remote = (address, ICECredentials(fragment: value("ice-ufrag"), password: value("ice-pwd")))
        guard socket == nil else { return }
        socket = try await UDPSocket.bind(SocketAddress(ipAddress: host, port: 0), on: loop) { [weak self] bytes, _ in
            self?.assumeIsolated { $0.receive(bytes) }
        }
        tick()
    }

    /// Calls a server and waits until sound and text can flow.
    @discardableResult
    func call(
        _ server: WebRTCServer, connectionID: String? = nil, restarts: Bool = false
    ) async throws -> SessionAnswer {
        let answer = try await server.answer(
            SessionOffer(sdp: offer(), connectionID: connectionID, restarts: restarts))
        try await accept(answer.sdp)
        await wait { $0.isConnected && $0.hasOpened }
        return answer
    }

    /// Names itself anew for the next offer.
    func restartICE() { fragment += "2" }

    func play(_ source: (any AudioSource)?) { self.source = source }

    func send(_ text: String) {
        _ = channel?.send(text)
        flush()
    }

    /// Sends bytes as they are.
    func sendRaw(_ bytes: [UInt8]) {
        if let remote { socket?.send(bytes, to: remote.address) }
    }

    /// Waits until a condition holds.
    func wait(until condition: @escaping @Sendable (isolated Caller) -> Bool) async {
        while !condition(self), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(2)) }
    }

    /// Says goodbye and is gone.
    func hangUp() async {
        channel?.close()
        flush()
        dtls.close()
        flush()
        await vanish()
    }

    /// Is gone without a word.
    func vanish() async {
        isStopped = true
        let closing = socket
        socket = nil
        await closing?.close()
    }

    private func tick() {
        guard !isStopped else { return }
        let now = NIODeadline.now()
        // A check at once, then ten a second until it works, then one a second.
        if ticks % (isReachable ? 50 : 5) == 0 { check() }
        ticks += 1
        if !isConnected { dtls.repeatFlightIfDue() }
        SCTPAssociation.runTimers(now: now)
        let sound = audio.tick(source, frames: 1, isHeard: isConnected, now: now)
        for packet in sound.packets { send(packet) }
        frames += sound.frames
        flush()
        loop.scheduleTask(in: .milliseconds(20)) { [weak self] in self?.assumeIsolated { $0.tick() } }
    }

    private func check() {
        guard let remote else { return }
        var request = STUNMessage(kind: .request, transaction: STUNMessage.makeTransaction())
        request.username = "\(remote.credentials.fragment):\(fragment)"
        request.priority = 1
        request.controlling = 1
        request.isNominating = true
        send(request.bytes(password: remote.credentials.password))
    }

    private func receive(_ bytes: [UInt8]) {
        guard !isStopped, !isLost(), let first = bytes.first else { return }
        let now = NIODeadline.now()
        switch first {
        case 0..<4:
            guard let message = STUNMessage(parsing: bytes), message.kind == .success else { return }
            isReachable = true
        case 20..<64:
            dtls.receive(bytes)
            followDTLS()
        default:
            frames += audio.receive(bytes, now: now) ?? []
        }
        flush()
    }

    private func followDTLS() {
        if dtls.state == .connected, !isConnected, let srtp = SRTPSession(dtls) {
            audio.start(srtp)
            isConnected = true
            channel = try? TextChannel(
                localPort: 5000, remotePort: 5000, maximumMessage: 1 << 20, maximumOutgoing: 1 << 20)
        }
        while let packet = dtls.nextMessage() {
            for event in channel?.receive(packet) ?? [] {
                switch event {
                case .message(let text): texts.append(text)
                case .opened: hasOpened = true
                }
            }
        }
        if dtls.state == .closed { hasBeenLeft = true }
    }

    private func flush() {
        if let channel, channel.isConnected, !isOpening { isOpening = channel.open(label: "chat", stream: 0) }
        while let packet = channel?.nextPacket() { dtls.send(packet) }
        guard isReachable else { return }
        while let datagram = dtls.nextDatagram() { send(datagram) }
    }

    private func send(_ datagram: [UInt8]) {
        if !isLost() { sendRaw(datagram) }
    }

    private func isLost() -> Bool {
        loss > 0 && Double.random(in: 0..<1, using: &chance) < loss
    }
}

/// A line's events, written down as they come.
actor Listener {
    private(set) var events: [String] = []
    private(set) var frames: [AudioReceiver.Frame] = []
    private(set) var texts: [String] = []
    let line: any CallTransport

    init(_ line: any CallTransport) {
        self.line = line
        Task { await self.listen() }
    }

    /// Waits until a condition holds.
    func wait(until condition: @escaping @Sendable (isolated Listener) -> Bool) async {
        while !condition(self), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(2)) }
    }

    private func listen() async {
        for await event in line.events {
            switch event {
            case .audio(let samples, let isConcealed):
                frames.append(AudioReceiver.Frame(samples: samples, isConcealed: isConcealed))
            case .message(let text): texts.append(text)
            case .closed(let end): events.append("closed \(end)")
            default: events.append("\(event)")
            }
        }
    }
}
