import NIOCore
import NIOPosix

/// The one thread of the process on which all WebRTC happens.
///
/// The library for data channels keeps its state and timers for the whole process, so there cannot be two.
package enum WebRTCThread {
    /// Its event loop; it lives as long as the process.
    package static let loop: any EventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
}
