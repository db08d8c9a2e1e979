import JSON
import NIOCore

/// The wire format of a streamed reply.
enum ServerSentEvents {
    /// One event.
    static func event(_ value: JSONValue) -> ByteBuffer { ByteBuffer(string: "data: \(value.text(.compact))\n\n") }

    /// What OpenAI's clients take for the end.
    static var done: ByteBuffer { ByteBuffer(string: "data: [DONE]\n\n") }
}
