import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A bound UDP socket: received from by an event loop, sent to at once.
///
/// Sending does without the channel, which closes itself when a datagram cannot be sent (a network that is down for a
/// second, say). A port that all calls share must not: such a datagram is lost, as any may be.
package final class UDPSocket: Sendable {
    package let address: SocketAddress
    // The channel's own descriptor may be closed, and its number given to another file, without notice.
    private let sending: Int32
    private let channel: any Channel

    /// Binds a socket and passes what it receives to `receive`, on the loop's thread.
    package static func bind(
        _ wanted: SocketAddress, on loop: any EventLoop,
        receive: @escaping @Sendable ([UInt8], SocketAddress) -> Void
    ) async throws -> UDPSocket {
        #if canImport(Darwin)
        let kind = SOCK_DGRAM
        #else
        let kind = Int32(SOCK_DGRAM.rawValue)
        #endif
        let descriptor = socket(wanted.protocol == .inet6 ? AF_INET6 : AF_INET, kind, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        let bound: (address: SocketAddress, sending: Int32)
        do {
            bound.address = try Self.bind(descriptor, to: wanted)
            bound.sending = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            guard bound.sending >= 0 else { throw IOError(errnoCode: errno, reason: "fcntl") }
        } catch {
            Self.close(descriptor)
            throw error
        }
        do {
            let channel = try await DatagramBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(DatagramReceiver(receive))
                    }
                }
                // What has waited while nobody spoke is taken in at once.
                .channelOption(.maxMessagesPerRead, value: 16)
                .withBoundSocket(descriptor).get()
            return UDPSocket(address: bound.address, sending: bound.sending, channel: channel)
        } catch {
            Self.close(bound.sending)
            throw error
        }
    }

    private init(address: SocketAddress, sending: Int32, channel: any Channel) {
        self.address = address
        self.sending = sending
        self.channel = channel
    }

    deinit {
        Self.close(sending)
    }

    /// Sends a datagram, or loses it.
    package func send(_ bytes: [UInt8], to remote: SocketAddress) {
        _ = remote.withSockAddr { sendto(sending, bytes, bytes.count, Int32(MSG_DONTWAIT), $0, socklen_t($1)) }
    }

    /// Whether datagrams are taken in as they come, or wait for ``readWaiting()``; to be called on the loop.
    func setReading(automatically: Bool) {
        try? channel.syncOptions?.setOption(.autoRead, value: automatically)
    }

    /// Takes in what has come meanwhile.
    func readWaiting() {
        channel.read()
    }

    /// Closes the socket.
    package func close() async {
        try? await channel.close()
    }

    /// Waits until the socket is closed, by this side or by an error.
    func waitUntilClosed() async {
        try? await channel.closeFuture.get()
    }

    private static func bind(_ descriptor: Int32, to wanted: SocketAddress) throws -> SocketAddress {
        // IPv4 has its own socket: one that took both would show its addresses disguised as IPv6.
        if wanted.protocol == .inet6 { try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        // Room for what comes while another call's sound is being decoded.
        try set(descriptor, SOL_SOCKET, SO_RCVBUF, 1 << 20)
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            throw IOError(errnoCode: errno, reason: "fcntl")
        }
        guard wanted.withSockAddr({ posixBind(descriptor, $0, socklen_t($1)) }) == 0 else {
            throw IOError(errnoCode: errno, reason: "bind")
        }
        return try boundAddress(of: descriptor, like: wanted)
    }

    private static func boundAddress(of descriptor: Int32, like wanted: SocketAddress) throws -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { throw IOError(errnoCode: errno, reason: "getsockname") }
        // Both families have the port in the same place.
        let port = withUnsafeBytes(of: &storage) { Int($0[2]) << 8 | Int($0[3]) }
        var address = wanted
        address.port = port
        return address
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) throws {
        var value = value
        guard setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw IOError(errnoCode: errno, reason: "setsockopt")
        }
    }

    private static func close(_ descriptor: Int32) {
        #if canImport(Darwin)
        _ = Darwin.close(descriptor)
        #else
        _ = Glibc.close(descriptor)
        #endif
    }
}

private func posixBind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    bind(descriptor, address, length)
}

/// Hands on what a socket receives.
private final class DatagramReceiver: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let receive: ([UInt8], SocketAddress) -> Void

    init(_ receive: @escaping ([UInt8], SocketAddress) -> Void) {
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        receive(Array(envelope.data.readableBytesView), envelope.remoteAddress)
    }

    // The channel would close itself; an error of one datagram is no reason to.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
