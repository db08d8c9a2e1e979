/// Why a connection could not be offered, or the server not be started.
public enum WebRTCError: Error, Equatable, CustomStringConvertible {
    /// The offer is not SDP as it should be; the text says where.
    case malformedOffer(String)
    /// The offer is understood but asks for what is not done here; the text says what is.
    case unsupportedOffer(String)
    /// The UDP port cannot be used; the text says why.
    case cannotListen(String)
    /// ``WebRTCServer/start()`` was not called, or the server was stopped.
    case notRunning
    /// As many calls as allowed are open.
    case tooManyConnections(limit: Int)
    /// One of the system's libraries failed.
    case libraryFailed(String)

    /// What is wrong, and what to do where something can be done.
    public var description: String {
        switch self {
        case .malformedOffer(let what): "The offer is not valid SDP: \(what)."
        case .unsupportedOffer(let what): "The offer cannot be answered: \(what)."
        case .cannotListen(let what): "WebRTC cannot listen: \(what)."
        case .notRunning: "WebRTC is not running: start the server first."
        case .tooManyConnections(let limit):
            "\(limit) calls are open, as many as allowed: close one, or raise the limit."
        case .libraryFailed(let what): "WebRTC failed in a system library: \(what)."
        }
    }
}
