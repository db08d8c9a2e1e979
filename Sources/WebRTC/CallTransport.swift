/// One caller's line: sound and messages both ways.
public protocol CallTransport: AnyObject, Sendable {
    /// Names the connection; kept through renegotiation and restart.
    var id: String { get }
    /// What happens on the line, in order; iterated once. Ends after ``CallEvent/closed(_:)``.
    var events: AsyncStream<CallEvent> { get }
    /// Sends a text message; dropped when the line is not open.
    func send(_ message: String)
    /// What is played to the caller from now on: asked for 20 ms of sound every 20 ms, on the transport's own thread.
    func play(_ source: (any AudioSource)?)
    /// Hangs up. More than one call does no harm.
    func close()
}

/// What happens on a line.
public enum CallEvent: Sendable {
    /// Sound can flow both ways (again, after a reconnect).
    case connected
    /// Messages can flow both ways.
    case channelOpened
    /// 20 ms of what the caller says: 320 samples at 16 kHz, in -1…1.
    ///
    /// `isConcealed` when the packet was lost and the sound is a guess.
    case audio([Float], isConcealed: Bool)
    /// A text message from the caller.
    case message(String)
    /// Nothing has been heard from the caller for a while; the line may come back.
    case disconnected
    /// The line is gone.
    case closed(CallEnd)
}

/// Why a line is gone.
public enum CallEnd: Sendable, Equatable {
    /// This side hung up.
    case local
    /// The caller hung up.
    case remote
    /// Nothing came for too long.
    case timedOut
    /// Something failed; the text says what.
    case failed(String)
}

/// Sound to be played, drawn as the line needs it: what is not drawn yet can still be taken back.
public protocol AudioSource: AnyObject, Sendable {
    /// Fills `frame` (20 ms: 480 samples at 24 kHz, mono) and says whether there was anything but silence to play.
    /// Called on the transport's thread; must not wait.
    func read(into frame: UnsafeMutableBufferPointer<Int16>) -> Bool
}
