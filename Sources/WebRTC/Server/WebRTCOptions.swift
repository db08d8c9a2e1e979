/// Where WebRTC listens and what it allows.
public struct WebRTCOptions: Sendable {
    /// The address to listen on: an IP address, `localhost`, or `0.0.0.0` or `::` for all of this machine's.
    public var host: String
    /// The UDP port that all calls share; 0 takes any free one.
    public var port: Int
    /// The largest number of calls at once.
    public var maximumConnections: Int
    /// The largest text message taken from a caller, in bytes.
    public var maximumMessageBytes: Int
    /// Nothing from the caller for so long: the line counts as disconnected.
    public var disconnectAfter: Duration
    /// Nothing from the caller for so long: the line is closed.
    public var closeAfter: Duration
    /// How long a line is kept for a caller who has said goodbye: a client that restarts says so too.
    public var rejoinWithin: Duration

    /// Options with these parts.
    public init(
        host: String = "127.0.0.1", port: Int = 0, maximumConnections: Int = 64, maximumMessageBytes: Int = 64 << 10,
        disconnectAfter: Duration = .seconds(5), closeAfter: Duration = .seconds(30),
        rejoinWithin: Duration = .seconds(2)
    ) {
        self.host = host
        self.port = port
        self.maximumConnections = maximumConnections
        self.maximumMessageBytes = maximumMessageBytes
        self.disconnectAfter = disconnectAfter
        self.closeAfter = closeAfter
        self.rejoinWithin = rejoinWithin
    }
}
