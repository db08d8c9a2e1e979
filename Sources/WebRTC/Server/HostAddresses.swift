import NIOCore
import NIOPosix

/// Which addresses to bind for a host, and which of them to tell the caller.
enum HostAddresses {
    /// The addresses to bind, the necessary first: those after it may fail, on a machine without IPv6 say.
    static func toBind(host: String, port: Int) throws(WebRTCError) -> [SocketAddress] {
        let hosts =
            switch host {
            case "localhost": ["127.0.0.1", "::1"]
            case "::", "*": ["0.0.0.0", "::"]
            default: [host]
            }
        var addresses: [SocketAddress] = []
        for host in hosts {
            guard let address = try? SocketAddress(ipAddress: host, port: port) else {
                throw .cannotListen(
                    "“\(host)” is not an address; give an IP address, localhost, or 0.0.0.0 or :: for all of them")
            }
            addresses.append(address)
        }
        return addresses
    }

    /// What a caller can try to reach these sockets: for one that is bound to all addresses, each of the machine's.
    static func candidates(for bound: [SocketAddress]) -> [SocketAddress] {
        let devices = (try? System.enumerateDevices()) ?? []
        let own = devices.compactMap(\.address)
        return bound.flatMap { bound -> [SocketAddress] in
            guard bound.isWildcard else { return [bound] }
            let family = own.filter { $0.protocol == bound.protocol && !$0.isLinkLocal }
            // A machine without a network still has itself.
            let reachable = family.filter { !$0.isLoopback }
            return (reachable.isEmpty ? family : reachable).prefix(maximum).map { address in
                var address = address
                address.port = bound.port
                return address
            }
        }
    }

    private static let maximum = 8
}

extension SocketAddress {
    fileprivate var isWildcard: Bool { packedBytes?.allSatisfy { $0 == 0 } ?? false }

    fileprivate var isLoopback: Bool {
        guard let bytes = packedBytes else { return false }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    fileprivate var isLinkLocal: Bool {
        guard let bytes = packedBytes else { return false }
        return bytes.count == 4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }
}
