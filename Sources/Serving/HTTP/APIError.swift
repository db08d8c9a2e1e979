import HTTPTypes
import JSON

/// A refusal in OpenAI's error format.
package struct APIError: Error, Equatable, CustomStringConvertible {
    package var status: HTTPResponse.Status
    /// The kind in words, such as `BadRequestError`.
    package var type: String
    /// What was found, what was expected, what to do.
    package var message: String
    /// The request field at fault.
    package var parameter: String?
    /// Seconds after which trying again makes sense.
    package var retryAfter: Int?

    package init(
        _ status: HTTPResponse.Status, type: String, _ message: String, parameter: String? = nil, retryAfter: Int? = nil
    ) {
        self.status = status
        self.type = type
        self.message = message
        self.parameter = parameter
        self.retryAfter = retryAfter
    }

    package var description: String { "\(status.code) \(type): \(message)" }

    /// `{"error": {…}}`.
    package var body: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": parameter.map { .string($0) } ?? .null, "code": .integer(status.code),
            ]
        ]
    }
}

/// An error of another part of the program of which a client is told.
package protocol Refusal: Error {
    /// How it is told.
    var refusal: APIError { get }
}

extension APIError {
    package static func badRequest(_ message: String, parameter: String? = nil) -> APIError {
        APIError(.badRequest, type: "BadRequestError", message, parameter: parameter)
    }

    /// A field whose value cannot be used; the message starts with the field's name.
    package static func invalid(_ field: String, _ message: String) -> APIError {
        badRequest("\(field): \(message)", parameter: field)
    }

    package static func notFound(_ message: String, parameter: String? = nil) -> APIError {
        APIError(.notFound, type: "NotFoundError", message, parameter: parameter)
    }

    static func notImplemented(_ message: String, parameter: String? = nil) -> APIError {
        APIError(.notImplemented, type: "NotImplementedError", message, parameter: parameter)
    }

    package static func unavailable(_ message: String, retryAfter: Int?) -> APIError {
        APIError(.serviceUnavailable, type: "ServiceUnavailableError", message, retryAfter: retryAfter)
    }

    static var foreignPage: APIError {
        APIError(
            .forbidden, type: "PermissionDeniedError",
            "Web pages of other origins are not let in here. Start the server with --allowed-origins to let in those "
                + "you name, or with --api-key to let in whoever sends the key.")
    }

    static var unauthorized: APIError {
        APIError(
            .unauthorized, type: "AuthenticationError",
            "The API key is missing or wrong. Send it as 'Authorization: Bearer KEY'.")
    }

    static func tooLarge(limit: Int) -> APIError {
        APIError(
            .contentTooLarge, type: "RequestEntityTooLargeError",
            "The request body is larger than the limit of \(limit) bytes.")
    }

    static var bodyTimeout: APIError {
        APIError(.requestTimeout, type: "RequestTimeoutError", "The request body did not arrive in time.")
    }

    static var internalError: APIError {
        APIError(
            .internalServerError, type: "InternalServerError",
            "The server failed on this request. Its log says more, under this request's id.")
    }
}
