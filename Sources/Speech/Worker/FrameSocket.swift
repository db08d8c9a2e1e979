import Foundation
import Locking

#if canImport(Glibc)
private let streamType = Int32(SOCK_STREAM.rawValue)
private let sendFlags = Int32(MSG_NOSIGNAL)
#else
private let streamType = SOCK_STREAM
private let sendFlags: Int32 = 0
#endif

/// One end of the connection between the worker and its supervisor.
package final class FrameSocket: Sendable {
    private let descriptor: Int32
    private let writing = Locked(())

    /// Takes over a connected socket.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Two connected ends, which child processes do not inherit.
    package static func pair() throws(SpeechError) -> (FrameSocket, FrameSocket) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, streamType, 0, &ends) == 0 else {
            throw .workerUnavailable(reason: String(cString: strerror(errno)))
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (FrameSocket(descriptor: ends[0]), FrameSocket(descriptor: ends[1]))
    }

    /// Runs `body` with the descriptor.
    func withDescriptor<Result>(_ body: (Int32) throws -> Result) rethrows -> Result { try body(descriptor) }

    /// Sends a frame whole; false when the other end is gone. Waits while the other end does not read.
    @discardableResult
    package func send(_ frame: WireFrame) -> Bool {
        let bytes = frame.bytes
        return writing.withLock { _ in
            bytes.withUnsafeBytes { buffer in
                var sent = 0
                while sent < buffer.count {
                    let count = Foundation.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, sendFlags)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { return false }
                    sent += count
                }
                return true
            }
        }
    }

    /// Hands over frames as they come, until the other end is gone or talks nonsense.
    package func receive(_ handle: (WireFrame) -> Bool) {
        var reader = WireFrame.Reader()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            reader.append(buffer[..<count])
            do {
                while let frame = try reader.next() { guard handle(frame) else { return } }
            } catch { return }
        }
    }

    /// Ends the connection in both directions; the other end notices, and so does whoever waits in ``receive(_:)``.
    package func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
