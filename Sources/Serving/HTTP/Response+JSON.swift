import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension Response {
    /// A whole reply in JSON.
    package init(json: JSONValue, status: HTTPResponse.Status = .ok) {
        let buffer = ByteBuffer(string: json.text(.compact))
        self.init(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: buffer))
    }

    /// A whole reply in text.
    package init(text: String, type: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Request {
    /// The body as a JSON object.
    ///
    /// - Throws: 415 unless it is sent as JSON, which also keeps web pages from posting without a preflight; 413 when it
    ///   is larger than the limit; 400 when it is not JSON or not an object.
    package func jsonObject(upTo limit: Int) async throws -> JSONObject {
        let type = headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type?.trimmingPrefix(while: \.isWhitespace) == "application/json" else {
            throw APIError(
                .unsupportedMediaType, type: "UnsupportedMediaTypeError",
                "The body must be sent as 'Content-Type: application/json'.")
        }
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw APIError.tooLarge(limit: limit)
        }
        let buffer = try await body.collect(upTo: limit)
        let value = try buffer.withUnsafeReadableBytes { bytes in
            try JSONValue(parsing: bytes, maximumDepth: 128)
        }
        guard let object = value.object else { throw APIError.badRequest("The request body must be a JSON object.") }
        return object
    }
}
