import NIOCore

/// Finds the call that a datagram or an offer belongs to.
struct Router {
    private var connections: [String: Connection] = [:]
    private var fragments: [String: Connection] = [:]
    private var addresses: [SocketAddress: Connection] = [:]
    /// The allowance of those who belong to no call.
    var strangers = SourceLimiter(perSecond: 50, burst: 100)

    private static let maximumAddresses = 32

    /// A name that nobody guesses.
    static func makeID() -> String {
        let bytes = UInt64.random(in: 0...UInt64.max).bigEndianBytes + UInt64.random(in: 0...UInt64.max).bigEndianBytes
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    var count: Int { connections.count }

    var all: [Connection] { Array(connections.values) }

    func connection(_ id: String) -> Connection? { connections[id] }

    func connection(fragment: String) -> Connection? { fragments[fragment] }

    func connection(at address: SocketAddress) -> Connection? { addresses[address] }

    mutating func add(_ connection: Connection) {
        connections[connection.id] = connection
    }

    mutating func remove(_ connection: Connection) {
        connections[connection.id] = nil
        forgetWays(of: connection)
    }

    /// Notes the fragments that messages for this call bear, after they may have changed.
    mutating func nameFragments(of connection: Connection) {
        fragments = fragments.filter { $0.value !== connection }
        fragments[connection.peer.ice.local.fragment] = connection
        if let previous = connection.peer.ice.previous { fragments[previous.fragment] = connection }
    }

    /// Notes that this address has proved to be the caller's.
    mutating func note(_ address: SocketAddress, of connection: Connection) {
        guard addresses[address] !== connection else { return }
        addresses[address]?.addresses.remove(address)
        if connection.addresses.count >= Self.maximumAddresses {
            for address in connection.addresses where address != connection.peer.ice.selected {
                addresses[address] = nil
                connection.addresses.remove(address)
            }
        }
        addresses[address] = connection
        connection.addresses.insert(address)
    }

    /// Forgets how this call's datagrams were known, before its peer is replaced or gone.
    mutating func forgetWays(of connection: Connection) {
        fragments = fragments.filter { $0.value !== connection }
        for address in connection.addresses { addresses[address] = nil }
        connection.addresses = []
    }
}
