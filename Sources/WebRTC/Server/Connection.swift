import NIOCore

/// One call as the server holds it: its line, and the peer that is at the other end now.
final class Connection {
    private enum Phase {
        /// The peer has never been reached.
        case connecting
        case connected
        /// Was connected, and may be again.
        case disconnected
    }

    let id: String
    let transport: WebRTCTransport
    let sessionID = UInt64.random(in: 1...UInt64(Int64.max))
    var peer: Peer
    var source: (any AudioSource)?
    /// Where this call's datagrams may come from.
    var addresses: Set<SocketAddress> = []
    private(set) var answers = 0
    private let events: CallEventQueue
    private var phase = Phase.connecting
    private var leftAt: NIODeadline?
    /// Frames without sound, up to now.
    private var quietFrames = 0
    /// Two seconds: turns end in less.
    private static let idleAfter = 100

    init(id: String, peer: Peer, server: WebRTCServer) {
        self.id = id
        self.peer = peer
        events = CallEventQueue()
        transport = WebRTCTransport(id: id, events: events.stream, server: server)
    }

    /// Whether the caller can hear.
    var isConnected: Bool { phase == .connected }

    /// Whether the caller has said goodbye, and could come back only with a new peer.
    var hasLeft: Bool { leftAt != nil }

    /// Whether nobody has spoken for a while, neither the caller nor the voice: what is still done may be done in fewer
    /// steps, as waking up costs more than the work.
    var isIdle: Bool { isConnected && isCallerQuiet && peer.isVoiceSilent }

    private var isCallerQuiet: Bool { quietFrames > Self.idleAfter }

    /// Puts a new peer at the end of the line.
    func replace(_ peer: Peer) {
        disconnect()
        phase = phase == .connecting ? .connecting : .disconnected
        self.peer = peer
        leftAt = nil
    }

    /// Counts an answer; the number is the version of its text.
    func countAnswer() -> Int {
        answers += 1
        return answers
    }

    /// Passes on what happened at the peer; gives why the line must be closed, if it must.
    func takeEvents(now: NIODeadline) -> CallEnd? {
        for event in peer.takeEvents() {
            switch event {
            case .connected: connect()
            case .channelOpened: events.push(.channelOpened)
            case .audio(let frame):
                quietFrames = isQuiet(frame.samples) ? quietFrames + 1 : 0
                events.push(.audio(frame.samples, isConcealed: frame.isConcealed), mayWait: isCallerQuiet)
            case .message(let text): events.push(.message(text))
            case .left:
                disconnect()
                leftAt = now
            case .failed(let reason): return .failed(reason)
            }
        }
        return nil
    }

    /// Sees whether the caller is still there; gives why the line must be closed, if it must.
    func checkLiveness(now: NIODeadline, options: WebRTCOptions) -> CallEnd? {
        if let leftAt { return now - leftAt >= TimeAmount(options.rejoinWithin) ? .remote : nil }
        let silence = now - peer.lastHeard
        if silence >= TimeAmount(options.closeAfter) { return .timedOut }
        // A peer that answers checks but never ends its handshake does not hold a place for ever.
        if peer.connected == nil, now - peer.created >= TimeAmount(options.closeAfter) { return .timedOut }
        if silence >= TimeAmount(options.disconnectAfter) {
            disconnect()
        } else if peer.connected != nil {
            connect()
        }
        return nil
    }

    /// Tells the line's owner that it is gone.
    func end(_ reason: CallEnd) {
        source = nil
        events.push(.closed(reason))
    }

    private func connect() {
        guard phase != .connected else { return }
        phase = .connected
        events.push(.connected)
    }

    private func disconnect() {
        guard phase == .connected else { return }
        phase = .disconnected
        events.push(.disconnected)
    }
}

/// Whether a frame holds less than a whisper: -60 dB of full scale.
private func isQuiet(_ samples: [Float]) -> Bool {
    var energy: Float = 0
    for sample in samples { energy += sample * sample }
    return energy < Float(samples.count) * 1e-6
}

/// A caller's line; what it is told is done on the server's thread, in order.
final class WebRTCTransport: CallTransport {
    let id: String
    let events: AsyncStream<CallEvent>
    private let server: WebRTCServer

    init(id: String, events: AsyncStream<CallEvent>, server: WebRTCServer) {
        self.id = id
        self.events = events
        self.server = server
    }

    func send(_ message: String) {
        server.perform { [id] in $0.send(message, to: id) }
    }

    func play(_ source: (any AudioSource)?) {
        server.perform { [id] in $0.play(source, to: id) }
    }

    func close() {
        server.perform { [id] in $0.close(id) }
    }
}
