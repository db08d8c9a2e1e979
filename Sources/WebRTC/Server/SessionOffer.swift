/// An offer from a caller, as the signalling endpoint got it.
public struct SessionOffer: Sendable {
    /// The SDP text.
    public var sdp: String
    /// The connection that the caller wants to change, if it has one already.
    public var connectionID: String?
    /// Whether the caller begins anew on that connection, with everything negotiated again.
    public var restarts: Bool

    /// An offer with these parts.
    public init(sdp: String, connectionID: String? = nil, restarts: Bool = false) {
        self.sdp = sdp
        self.connectionID = connectionID
        self.restarts = restarts
    }
}

/// The answer to an offer, for the signalling endpoint to give back.
public struct SessionAnswer: Sendable {
    /// The SDP text.
    public var sdp: String
    /// Names the connection in later offers.
    public var connectionID: String
    /// The caller's line.
    public var transport: any CallTransport
    /// Whether the line is new; else it is the one that the caller had before.
    public var isNew: Bool
}
