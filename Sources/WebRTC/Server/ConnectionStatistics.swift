/// How well a call's line works.
public struct ConnectionStatistics: Sendable, Equatable {
    /// Whether sound can flow now.
    public var isConnected = false
    /// From the last offer to the first moment at which sound could flow; nil before it.
    public var connectSeconds: Double?
    /// Packets of sound from the caller.
    public var packetsReceived = 0
    /// Packets of sound that the caller sent and that did not come, or not yet.
    public var packetsLost = 0
    /// Lost packets whose sound was recovered from the packet behind them.
    public var packetsRecovered = 0
    /// Frames of 20 ms handed on that were a guess.
    public var framesConcealed = 0
    /// How unevenly the caller's packets come (RFC 3550).
    public var jitterSeconds = 0.0
    /// Packets of sound sent to the caller.
    public var packetsSent = 0
    /// The share of them that the caller lost lately, from 0 to 1, from its last report.
    public var remoteLoss = 0.0
    /// How long a packet takes there and back; nil before the caller's first report that tells.
    public var roundTripSeconds: Double?
}
