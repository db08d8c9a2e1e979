import Locking

/// A line in memory: a test is the caller, and time passes when it says so.
///
/// ```swift
/// let line = LoopbackTransport()
/// line.connect()
/// line.say(samples)          // the caller speaks
/// line.write("text")         // and sends a message
/// let frame = line.tick()    // 20 ms of what is played to the caller
/// ```
package final class LoopbackTransport: CallTransport {
    private struct State {
        var source: (any AudioSource)?
        var sent: [String] = []
        var isOpen = false
        var isClosed = false
        var pending: [Float] = []
    }

    package let id: String
    package let events: AsyncStream<CallEvent>
    private let queue = CallEventQueue()
    private let state = Locked(State())

    package init(id: String = "loopback") {
        self.id = id
        events = queue.stream
    }

    // The line's end on this side.

    package func send(_ message: String) {
        state.withLock { if $0.isOpen { $0.sent.append(message) } }
    }

    package func play(_ source: (any AudioSource)?) {
        state.withLock { $0.source = source }
    }

    package func close() {
        end(.local)
    }

    // The caller's end.

    /// Connects the line and opens its channel.
    package func connect() {
        state.withLock { $0.isOpen = true }
        queue.push(.connected)
        queue.push(.channelOpened)
    }

    /// Lets anything happen on the line.
    package func receive(_ event: CallEvent) {
        if case .closed(let end) = event { self.end(end) } else { queue.push(event) }
    }

    /// The caller says this: samples at 16 kHz, cut into frames of 20 ms; what is left over waits for more.
    package func say(_ samples: [Float]) {
        let frames = state.withLock { state in
            state.pending += samples
            let count = state.pending.count / 320
            let frames = (0..<count).map { Array(state.pending[$0 * 320..<($0 + 1) * 320]) }
            state.pending.removeFirst(count * 320)
            return frames
        }
        for frame in frames { queue.push(.audio(frame, isConcealed: false)) }
    }

    /// The caller sends this message.
    package func write(_ message: String) {
        queue.push(.message(message))
    }

    /// Draws 20 ms of what is played to the caller: 480 samples at 24 kHz, or nil when there is only silence.
    package func tick() -> [Int16]? {
        guard let source = state.withLock({ $0.isClosed ? nil : $0.source }) else { return nil }
        var frame = [Int16](repeating: 0, count: 480)
        return frame.withUnsafeMutableBufferPointer({ source.read(into: $0) }) ? frame : nil
    }

    /// The messages sent to the caller, oldest first.
    package var sentMessages: [String] { state.withLock { $0.sent } }

    /// Takes the messages sent to the caller since the last time.
    package func takeMessages() -> [String] {
        state.withLock { state in
            defer { state.sent = [] }
            return state.sent
        }
    }

    /// Whether the line has been closed, by either end.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    private func end(_ reason: CallEnd) {
        let wasClosed = state.withLock { state in
            defer {
                state.isClosed = true
                state.isOpen = false
                state.source = nil
            }
            return state.isClosed
        }
        if !wasClosed { queue.push(.closed(reason)) }
    }
}
