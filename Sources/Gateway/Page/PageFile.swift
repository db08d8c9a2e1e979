import Hummingbird
import NIOCore
import Serving

/// A file of the page.
public struct PageFile: Sendable {
    /// Its path from the root: `/style.css`.
    public var path: String
    /// Its content type.
    public var type: String
    /// What is in it.
    public var content: String

    /// A file with these properties.
    public init(path: String, type: String, content: String) {
        self.path = path
        self.type = type
        self.content = content
    }

    /// The file as a reply. The page may load nothing from elsewhere, and no other page may hold it in a frame.
    func response() -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .cacheControl: "no-cache",
                .init("Content-Security-Policy")!:
                    "default-src 'self'; connect-src 'self'; media-src 'self' blob:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
                .init("X-Content-Type-Options")!: "nosniff", .init("Referrer-Policy")!: "no-referrer",
                .init("Permissions-Policy")!: "microphone=(self), camera=(), geolocation=()",
            ], body: .init(byteBuffer: ByteBuffer(string: content)))
    }
}
