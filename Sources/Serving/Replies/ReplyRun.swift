import Locking
import NIOCore

/// One request's place inside the server, from its arrival to the last byte of its reply.
final class ReplyRun: Sendable {
    /// Given when the client leaves or the server stops.
    let signal = StopSignal()
    private let server: ServerState
    private let channel: any Channel
    private let ticket: UInt64
    private let isOver = Locked(false)

    /// - Throws: 503 when the server is stopping.
    init(server: ServerState, channel: any Channel) throws(APIError) {
        self.server = server
        self.channel = channel
        ticket = try server.gate.enter(signal)
        server.connections.watch(channel, signal)
    }

    /// Leaves; more than one call does no harm.
    func end() {
        let isFirst = isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
        guard isFirst else { return }
        server.connections.unwatch(channel, signal)
        server.gate.leave(ticket)
    }

    deinit { end() }
}
