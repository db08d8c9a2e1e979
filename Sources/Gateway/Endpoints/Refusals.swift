import Companion
import HTTPTypes
import Serving
import WebRTC

extension StoreError: Refusal {
    /// What the client is told of the memory's troubles.
    package var refusal: APIError {
        switch self {
        case .sessionUnknown: .notFound(description, parameter: "session_id")
        case .diskFull:
            APIError(
                .init(code: 507, reasonPhrase: "Insufficient Storage"), type: "InsufficientStorageError", description)
        case .busy: .unavailable(description, retryAfter: 1)
        default: APIError(.internalServerError, type: "InternalServerError", description)
        }
    }
}

extension ConversationError: Refusal {
    /// What the client is told of a turn that cannot be taken.
    package var refusal: APIError {
        switch self {
        case .unknownSession: .notFound(description, parameter: "session_id")
        case .ended, .superseded: APIError(.conflict, type: "ConflictError", description)
        case .nothingSaid: .invalid("message", description)
        }
    }
}

extension WebRTCError: Refusal {
    /// What the client is told of an offer that is not answered.
    package var refusal: APIError {
        switch self {
        case .malformedOffer, .unsupportedOffer: .invalid("sdp", description)
        case .tooManyConnections: .unavailable(description, retryAfter: 10)
        case .notRunning, .cannotListen, .libraryFailed: .unavailable(description, retryAfter: nil)
        }
    }
}
