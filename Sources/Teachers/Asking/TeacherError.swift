/// Why a teacher gave no reply.
public enum TeacherError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No connection, or no such program; nothing was sent.
    case unreachable(place: String, reason: String)
    /// An answer with an error's status, and the seconds it asks to wait if it does.
    case refused(place: String, status: Int, message: String, waitSeconds: Double?)
    /// An answer that is none.
    case malformed(place: String, found: String)
    /// The reply broke off.
    case brokeOff(place: String, reason: String)
    /// It took longer than the limit.
    case tooSlow(place: String, seconds: Double)
    /// The program ended with an error.
    case failed(command: String, reason: String)
    /// The run was cancelled.
    case cancelled

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unreachable(let place, let reason):
            "the teacher \(place) cannot be reached (\(reason)); check the address, and that it runs"
        case .refused(let place, let status, let message, _):
            "the teacher \(place) answered with status \(status): \(message); "
                + (status == 401 || status == 403
                    ? "check the key"
                    : status == 404
                        ? "check the address and the model's name"
                        : status == 429 ? "start again later, or with less concurrency" : "see its log")
        case .malformed(let place, let found): "the teacher \(place) sent \(found); expected a completion in JSON"
        case .brokeOff(let place, let reason): "the teacher \(place) broke off its reply (\(reason))"
        case .tooSlow(let place, let seconds):
            "the teacher \(place) did not finish within \(Int(seconds)) s; give it longer with --timeout, or ask for"
                + " less with --batch"
        case .failed(let command, let reason): "the teacher's command '\(command)' failed: \(reason)"
        case .cancelled: "the run was cancelled"
        }
    }

    /// In a word, for the journal.
    var kind: String {
        switch self {
        case .unreachable: "unreachable"
        case .refused(_, let status, _, _): "status \(status)"
        case .malformed: "malformed"
        case .brokeOff: "broke off"
        case .tooSlow: "too slow"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }

    /// Whether the same request may succeed a little later.
    var isPassing: Bool {
        switch self {
        case .unreachable, .malformed, .brokeOff, .tooSlow, .failed: true
        case .refused(_, let status, _, _): status == 408 || status == 409 || status == 429 || status >= 500
        case .cancelled: false
        }
    }

    /// Whether the prompt may have been read, and must be paid.
    var mayCost: Bool {
        switch self {
        case .unreachable, .refused: false
        case .malformed, .brokeOff, .tooSlow, .failed, .cancelled: true
        }
    }
}
