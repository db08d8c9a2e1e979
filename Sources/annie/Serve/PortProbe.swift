import Foundation

/// Why an address cannot be listened on.
package enum PortError: Error, Equatable, CustomStringConvertible {
    case inUse(host: String, port: Int)
    case unusable(host: String, port: Int, reason: String)

    package var description: String {
        switch self {
        case .inUse(let host, let port):
            "Port \(port) on \(host) is in use. Stop what uses it, or choose another with --port (0 takes any free one)."
        case .unusable(let host, let port, let reason):
            "Cannot listen on \(host), port \(port): \(reason)."
        }
    }
}

/// Finds out whether a port is free before the model is loaded, and which one when any will do.
///
/// - Returns: the port; for 0 one that was free a moment ago.
package func freePort(host: String, port: Int) throws(PortError) -> Int {
    var hints = addrinfo()
    hints.ai_socktype = streamSocket
    hints.ai_flags = AI_PASSIVE
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    guard status == 0, let address = found else {
        throw .unusable(host: host, port: port, reason: String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.pointee.ai_family, streamSocket, 0)
    guard descriptor >= 0 else { throw .unusable(host: host, port: port, reason: lastError()) }
    defer { close(descriptor) }
    // A port that only lingers after an earlier server counts as free, as it does for the server itself.
    var reuse: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
        if errno == EADDRINUSE { throw .inUse(host: host, port: port) }
        throw .unusable(host: host, port: port, reason: lastError())
    }
    return port == 0 ? boundPort(descriptor) : port
}

private func boundPort(_ descriptor: Int32) -> Int {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        // The port stands at the same place for both families.
        return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
    }
}

private func lastError() -> String { String(cString: strerror(errno)) }

#if canImport(Glibc) || canImport(Musl)
private let streamSocket = Int32(SOCK_STREAM.rawValue)
#else
private let streamSocket = SOCK_STREAM
#endif
