import Logging
import NIOCore

extension WebRTCServer {
    /// Takes a datagram from the port.
    func receive(_ bytes: [UInt8], from source: SocketAddress) {
        guard let first = bytes.first else { return }
        let now = NIODeadline.now()
        if first < 4 {
            receiveSTUN(bytes, from: source, now: now)
        } else if let connection = router.connection(at: source) {
            connection.peer.receive(bytes, now: now)
            settle(connection, now: now)
            if isResting, !connection.isIdle { wakeUp() }
        }
    }

    /// Sends a text to a caller.
    func send(_ message: String, to id: String) {
        guard let connection = router.connection(id) else { return }
        if !connection.peer.send(message) {
            log(connection, .debug, "A message was dropped: the channel is not open, or it is too large")
        }
        flush(connection)
    }

    /// Changes what is played to a caller.
    func play(_ source: (any AudioSource)?, to id: String) {
        router.connection(id)?.source = source
    }

    /// Sends what the peer has to send and passes on what happened.
    func settle(_ connection: Connection, now: NIODeadline) {
        flush(connection)
        let wasConnected = connection.isConnected
        if let reason = connection.takeEvents(now: now) { return end(connection, reason) }
        if connection.isConnected, !wasConnected { log(connection, .info, "A call is connected") }
    }

    /// Sends what the peer has to send.
    func flush(_ connection: Connection) {
        let datagrams = connection.peer.takeDatagrams()
        guard let remote = connection.peer.ice.selected else { return }
        for datagram in datagrams { send(datagram, to: remote) }
    }

    /// Ends a call and forgets it.
    func end(_ connection: Connection, _ reason: CallEnd) {
        _ = connection.takeEvents(now: .now())
        connection.peer.close()
        flush(connection)
        router.remove(connection)
        connection.end(reason)
        log(connection, .info, "A call has ended", ["reason": "\(reason)"])
    }

    private func receiveSTUN(_ bytes: [UInt8], from source: SocketAddress, now: NIODeadline) {
        // Who has proved to be somebody's caller is not limited by what strangers at the same address do.
        let isKnown = router.connection(at: source) != nil
        guard isKnown || router.strangers.allows(source, now: now) else { return }
        guard let message = STUNMessage(parsing: bytes), let fragment = message.receiverFragment,
            let connection = router.connection(fragment: fragment),
            case .reply(let reply) = connection.peer.receive(message, bytes: bytes, from: source, now: now)
        else { return router.strangers.charge(source, now: now) }
        router.note(source, of: connection)
        send(reply, to: source)
        settle(connection, now: now)
    }

    private func send(_ datagram: [UInt8], to remote: SocketAddress) {
        sockets.first { $0.address.protocol == remote.protocol }?.send(datagram, to: remote)
    }

    private func log(
        _ connection: Connection, _ level: Logger.Level, _ text: Logger.Message, _ metadata: Logger.Metadata = [:]
    ) {
        logger.log(level: level, text, metadata: metadata.merging(["connection": "\(connection.id)"]) { $1 })
    }
}
