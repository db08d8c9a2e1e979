/// Why a chat model gave no reply, or not all of it.
public enum ChatModelError: Error, Equatable, CustomStringConvertible, Sendable {
    /// No connection; nothing was sent.
    case unreachable(url: String, reason: String)
    /// The server answered with an error.
    case refused(url: String, status: Int, body: String)
    /// The server sent what no such server sends.
    case malformed(url: String, found: String)
    /// The reply broke off.
    case connectionLost(url: String, reason: String)
    /// Nothing came for so many seconds.
    case silent(url: String, seconds: Double)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unreachable(let url, let reason):
            "the chat model at \(url) cannot be reached (\(reason)); check the address, and that its server runs"
        case .refused(let url, let status, let body):
            "the chat model at \(url) answered with status \(status): \(body); "
                + (status == 401 || status == 403
                    ? "check the key" : status == 404 ? "check the address and the model's name" : "see its log")
        case .malformed(let url, let found):
            "the chat model at \(url) sent \(found); expected OpenAI's stream of chat completion chunks"
        case .connectionLost(let url, let reason): "the chat model at \(url) broke off its reply (\(reason)); try again"
        case .silent(let url, let seconds):
            "the chat model at \(url) sent nothing for \(Int(seconds)) s; it may be overloaded, or the limit too short"
        }
    }

    /// The kind in a word, for logs: it holds nothing of what was said.
    public var reason: String {
        switch self {
        case .unreachable: "unreachable"
        case .refused(_, let status, _): "status \(status)"
        case .malformed: "malformed"
        case .connectionLost: "connection lost"
        case .silent: "silent"
        }
    }
}
