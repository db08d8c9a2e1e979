import Logging
import NIOCore

/// Answers callers' offers and carries their calls, all over one UDP port.
///
/// ```swift
/// let server = WebRTCServer(options: WebRTCOptions(host: "127.0.0.1"), logger: logger)
/// try await server.start()
/// let answer = try await server.answer(SessionOffer(sdp: sdp))
/// for await event in answer.transport.events { … }
/// ```
///
/// The signalling is somebody else's: it brings offers and takes answers away. All work is done on one thread of the
/// process, which is also this actor's.
public actor WebRTCServer {
    /// The event loop on which everything happens.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    nonisolated let loop: any EventLoop = WebRTCThread.loop
    let options: WebRTCOptions
    let logger: Logger
    private(set) var sockets: [UDPSocket] = []
    var router: Router
    private var certificate: Certificate?
    private var ticker: Scheduled<Void>?
    private var nextFrame = NIODeadline.now()
    private(set) var isResting = false

    /// A server that is to be started.
    public init(options: WebRTCOptions, logger: Logger) {
        self.options = options
        self.logger = logger
        router = Router()
    }

    /// Opens the UDP port.
    ///
    /// - Throws: ``WebRTCError/cannotListen(_:)`` when the host or the port cannot be used.
    public func start() async throws(WebRTCError) {
        guard sockets.isEmpty else { return }
        let certificate = try Certificate()
        let opened = try await open()
        self.certificate = certificate
        sockets = opened
        for socket in opened { Task { await watch(socket) } }
        logger.info(
            "WebRTC listens", metadata: ["address": "\(opened.map { "\($0.address)" }.joined(separator: ", "))"])
    }

    /// Hangs up all calls and closes the port.
    public func stop() async {
        for connection in router.all { end(connection, .local) }
        let closing = sockets
        sockets = []
        for socket in closing { await socket.close() }
    }

    /// The UDP port that all calls share; nil while the server is not running.
    public var port: Int? { sockets.first?.address.port }

    /// Answers an offer: for a new call, for a change to one, or for one that begins anew.
    public func answer(_ offer: SessionOffer) throws(WebRTCError) -> SessionAnswer {
        guard let certificate, !sockets.isEmpty else { throw .notRunning }
        let now = NIODeadline.now()
        let parsed = try Offer(parsing: offer.sdp)
        let known = offer.connectionID.flatMap { router.connection($0) }
        let connection: Connection
        if let known {
            connection = known
            try renegotiate(known, parsed, restarts: offer.restarts, certificate: certificate, now: now)
        } else {
            connection = try makeConnection(parsed, certificate: certificate, now: now)
        }
        router.nameFragments(of: connection)
        let answer = Answer(
            offer: parsed, credentials: connection.peer.ice.local, fingerprint: certificate.fingerprint,
            addresses: HostAddresses.candidates(for: sockets.map(\.address)), ssrc: connection.peer.ssrc,
            sessionID: connection.sessionID, version: connection.countAnswer(),
            maximumMessage: options.maximumMessageBytes)
        return SessionAnswer(
            sdp: answer.text, connectionID: connection.id, transport: connection.transport, isNew: known == nil)
    }

    /// The line of a connection; nil when there is none of that name.
    public func transport(_ id: String) -> (any CallTransport)? {
        router.connection(id)?.transport
    }

    /// Hangs up a call, if it is still there.
    public func close(_ id: String) {
        if let connection = router.connection(id) { end(connection, .local) }
    }

    /// How well a call's line works; nil when there is none of that name.
    public func statistics(of id: String) -> ConnectionStatistics? {
        router.connection(id).map { connection in
            var statistics = ConnectionStatistics()
            statistics.isConnected = connection.isConnected
            connection.peer.describe(in: &statistics)
            return statistics
        }
    }

    /// The names of all calls.
    public var connectionIDs: [String] { router.all.map(\.id) }

    /// Does something on the server's thread, after all that was asked before.
    nonisolated func perform(_ work: @escaping @Sendable (isolated WebRTCServer) -> Void) {
        loop.execute { self.assumeIsolated(work) }
    }

    /// Says so when the system takes a socket away, which only a fault of the machine does.
    private func watch(_ socket: UDPSocket) async {
        await socket.waitUntilClosed()
        guard sockets.contains(where: { $0 === socket }) else { return }
        sockets.removeAll { $0 === socket }
        logger.critical("WebRTC has lost its UDP port; restart it", metadata: ["address": "\(socket.address)"])
    }

    private func open() async throws(WebRTCError) -> [UDPSocket] {
        var opened: [UDPSocket] = []
        let wanted = try HostAddresses.toBind(host: options.host, port: options.port)
        for var address in wanted {
            // With port 0, the second family takes the port that the first was given.
            if let first = opened.first { address.port = first.address.port }
            do {
                let socket = try await UDPSocket.bind(address, on: loop) { [weak self] bytes, source in
                    self?.assumeIsolated { $0.receive(bytes, from: source) }
                }
                opened.append(socket)
            } catch {
                if opened.isEmpty { throw .cannotListen("UDP \(options.host) port \(options.port): \(error)") }
                logger.info("WebRTC goes on without an address", metadata: ["address": "\(address)"])
            }
        }
        return opened
    }

    private func makeConnection(
        _ offer: Offer, certificate: Certificate, now: NIODeadline
    ) throws(WebRTCError) -> Connection {
        guard router.count < options.maximumConnections else {
            throw .tooManyConnections(limit: options.maximumConnections)
        }
        let peer = try makePeer(offer, certificate: certificate, now: now)
        let connection = Connection(id: Router.makeID(), peer: peer, server: self)
        router.add(connection)
        startTicking(now: now)
        wakeUp()
        return connection
    }

    private func renegotiate(
        _ connection: Connection, _ offer: Offer, restarts: Bool, certificate: Certificate, now: NIODeadline
    ) throws(WebRTCError) {
        // Another certificate is another peer, whether the client says so or not: a page that was loaded again, say.
        let isSamePeer = !restarts && !connection.hasLeft && offer.fingerprint == connection.peer.offer.fingerprint
        guard !isSamePeer else { return try connection.peer.update(offer, now: now) }
        let peer = try makePeer(offer, certificate: certificate, now: now)
        connection.peer.close()
        flush(connection)
        router.forgetWays(of: connection)
        connection.replace(peer)
    }

    private func makePeer(_ offer: Offer, certificate: Certificate, now: NIODeadline) throws(WebRTCError) -> Peer {
        let limits = Peer.Limits(maximumMessage: options.maximumMessageBytes)
        return try Peer(offer, certificate: certificate, limits: limits, now: now)
    }

    // MARK: Time

    private func startTicking(now: NIODeadline) {
        guard ticker == nil else { return }
        nextFrame = now + Self.frame
        scheduleTick()
    }

    private func scheduleTick() {
        rest(router.all.allSatisfy(\.isIdle))
        ticker = loop.scheduleTask(deadline: isResting ? nextFrame + Self.restingWait : nextFrame) { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
    }

    /// Where nobody speaks, waking up for each packet costs more than all else: they wait in the socket for the tick.
    private func rest(_ rests: Bool) {
        guard rests != isResting else { return }
        isResting = rests
        for socket in sockets { socket.setReading(automatically: !rests) }
    }

    /// Somebody is there, or comes: time is kept by the frame again.
    func wakeUp() {
        guard isResting else { return }
        rest(false)
        ticker?.cancel()
        scheduleTick()
    }

    private func tick() {
        let now = NIODeadline.now()
        ticker = nil
        guard router.count > 0 else { return rest(false) }
        if isResting { for socket in sockets { socket.readWaiting() } }
        // A late tick makes up for what it missed, so that sound keeps its pace; after a long pause it does not.
        var frames = 0
        while nextFrame <= now {
            frames += 1
            nextFrame = nextFrame + Self.frame
        }
        SCTPAssociation.runTimers(now: now)
        for connection in router.all {
            connection.peer.tick(
                connection.source, frames: min(frames, Self.maximumFrames), isHeard: connection.isConnected, now: now)
            if let reason = connection.checkLiveness(now: now, options: options) {
                end(connection, reason)
            } else {
                settle(connection, now: now)
            }
        }
        scheduleTick()
    }

    private static let frame = TimeAmount.milliseconds(20)
    /// How much longer a tick waits then.
    private static let restingWait = TimeAmount.milliseconds(40)
    private static let maximumFrames = 10
}
