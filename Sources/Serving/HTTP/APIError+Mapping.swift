import HTTPTypes
import Hummingbird
import Inference
import JSON
import NIOCore
import Tokenization

extension APIError {
    /// The refusal that tells a client about an error; errors that are not the client's say nothing about the inside.
    init(describing error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as any Refusal: self = error.refusal
        case let error as GenerationError: self.init(error)
        case let error as ChatTemplateError: self = .badRequest("The chat template refused the messages: \(error)")
        case let error as JSONError: self = .badRequest("The request body is not JSON: \(error)")
        case let error as StopSignal.Reason: self.init(error)
        case is BodyTimeout: self = .bodyTimeout
        default: self = .internalError
        }
    }

    private init(_ error: GenerationError) {
        let message = error.description
        switch error {
        case .promptTooLong, .unknownToken, .emptyPrompt, .outOfMemory:
            self = .badRequest(message, parameter: "prompt")
        case .invalidParameter(let name, _): self = .badRequest(message, parameter: name)
        case .queueFull: self = .unavailable(message, retryAfter: 1)
        case .shuttingDown: self = .unavailable(message, retryAfter: nil)
        }
    }

    private init(_ reason: StopSignal.Reason) {
        switch reason {
        case .shuttingDown: self = .unavailable(GenerationError.shuttingDown.description, retryAfter: nil)
        case .clientGone: self.init(.clientClosedRequest, type: "ClientClosedRequest", "The client went away.")
        }
    }
}

extension HTTPResponse.Status {
    /// nginx's 499; nobody is there to read it, but the log is.
    static var clientClosedRequest: HTTPResponse.Status { .init(code: 499, reasonPhrase: "Client Closed Request") }
}
