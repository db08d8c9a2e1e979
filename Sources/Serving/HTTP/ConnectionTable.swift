import Locking
import NIOCore

/// The open connections, so that a request can learn that its client has gone and a stopping server can close them.
final class ConnectionTable: Sendable {
    private struct Connection {
        let channel: any Channel
        var hasLeft = false
        var signals: [StopSignal] = []
    }

    private let connections = Locked<[ObjectIdentifier: Connection]>([:])

    func add(_ channel: any Channel) {
        connections.withLock { $0[ObjectIdentifier(channel)] = Connection(channel: channel) }
    }

    /// The client has closed its side: what runs for it is in vain.
    func clientLeft(_ channel: any Channel) {
        let signals = connections.withLock { connections in
            let key = ObjectIdentifier(channel)
            defer { connections[key]?.signals = [] }
            connections[key]?.hasLeft = true
            return connections[key]?.signals ?? []
        }
        for signal in signals { signal.stop(.clientGone) }
    }

    func remove(_ channel: any Channel) {
        clientLeft(channel)
        connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Stops the signal when the channel's client leaves. A channel that is not in the table never leaves.
    func watch(_ channel: any Channel, _ signal: StopSignal) {
        let hasLeft = connections.withLock { connections in
            connections[ObjectIdentifier(channel)]?.signals.append(signal)
            return connections[ObjectIdentifier(channel)]?.hasLeft ?? false
        }
        if hasLeft { signal.stop(.clientGone) }
    }

    func unwatch(_ channel: any Channel, _ signal: StopSignal) {
        connections.withLock { $0[ObjectIdentifier(channel)]?.signals.removeAll { $0 === signal } }
    }

    func closeAll() {
        let channels = connections.withLock { $0.values.map(\.channel) }
        for channel in channels { channel.close(promise: nil) }
    }
}
