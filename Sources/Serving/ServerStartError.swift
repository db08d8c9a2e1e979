import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Why the server could not start to listen.
public enum ServerStartError: Error, Equatable, CustomStringConvertible {
    /// Another program listens there.
    case addressInUse(host: String, port: Int)
    /// The system reserves the port.
    case notPermitted(host: String, port: Int)
    /// This machine does not have the address.
    case noSuchAddress(host: String, port: Int)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "Port \(port) on \(host) is in use. Stop the program that uses it, or choose another with --port."
        case .notPermitted(let host, let port):
            "Port \(port) on \(host) may not be used by this user. Choose one above 1023 with --port."
        case .noSuchAddress(let host, let port):
            "\(host) is not an address of this machine, so port \(port) cannot be opened there. Check --host."
        }
    }

    /// The error behind one that ``AnnieServer``'s application threw, or nil if it has nothing to do with the address.
    public init?(_ error: any Error, options: ServerOptions) {
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            self = .noSuchAddress(host: options.host, port: options.port)
            return
        }
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: self = .addressInUse(host: options.host, port: options.port)
        case EACCES, EPERM: self = .notPermitted(host: options.host, port: options.port)
        case EADDRNOTAVAIL: self = .noSuchAddress(host: options.host, port: options.port)
        default: return nil
        }
    }
}
