import HTTPTypes
import Hummingbird

/// The paths there are, so that a wrong method can be told from a wrong path, and a private path from a public one.
struct Routes: Sendable {
    /// The server's own.
    private static let own: [ServedPath] = [
        ServedPath("/v1/chat/completions", methods: ["POST"]), ServedPath("/v1/completions", methods: ["POST"]),
        ServedPath("/v1/models", methods: ["GET", "HEAD"]), ServedPath("/v1/models/**", methods: ["GET", "HEAD"]),
        ServedPath("/tokenize", methods: ["POST"]), ServedPath("/detokenize", methods: ["POST"]),
        ServedPath("/health", methods: ["GET", "HEAD"]), ServedPath("/ping", methods: ["GET", "HEAD", "POST"]),
        ServedPath("/version", methods: ["GET", "HEAD"]), ServedPath("/metrics", methods: ["GET", "HEAD"]),
    ]

    private let paths: [ServedPath]

    /// The server's own paths, and those added to them.
    init(added: [ServedPath] = []) { paths = Self.own + added }

    /// The path's pattern and methods, or nil if there is no such path.
    func path(at path: String) -> ServedPath? { paths.first { $0.matches(path) } }

    /// Why no handler was found for a request.
    func refusal(for request: Request) -> APIError {
        guard let found = path(at: request.uri.path), !found.methods.contains(request.method.rawValue) else {
            return .notFound("There is nothing at \(request.uri.path.prefix(200)).")
        }
        return APIError(
            .methodNotAllowed, type: "MethodNotAllowedError",
            "\(request.uri.path) answers to \(found.methods.joined(separator: ", ")), not to \(request.method.rawValue)."
        )
    }
}

/// A path of the server.
public struct ServedPath: Sendable {
    /// Segments; `*` stands for any one, `**` at the end for one or more.
    public let pattern: String
    /// What it answers to.
    public let methods: [String]
    /// Whether it wants the key, if the server has one; everything under `/v1` does.
    public let wantsKey: Bool
    /// Whether it holds what is the user's own, which web pages of other origins shall not reach.
    public let isPersonal: Bool
    private let segments: [Substring]

    /// A path with these properties.
    public init(_ pattern: String, methods: [String], wantsKey: Bool = false, isPersonal: Bool = false) {
        self.pattern = pattern
        self.methods = methods
        self.isPersonal = isPersonal
        self.wantsKey = wantsKey || pattern.hasPrefix("/v1/")
        segments = pattern.split(separator: "/")
    }

    func matches(_ path: String) -> Bool {
        if path == pattern { return true }
        let given = path.split(separator: "/")
        if segments.last == "**" {
            guard given.count >= segments.count else { return false }
        } else if given.count != segments.count {
            return false
        }
        return zip(segments, given).allSatisfy { $0 == $1 || $0.hasPrefix("*") }
    }
}

/// Paths that another part of the program adds to the server, with their handlers.
public struct AddedRoutes: Sendable {
    /// The paths.
    public var paths: [ServedPath]
    /// Registers their handlers.
    public var register: @Sendable (Router<ServingContext>) -> Void
    /// What they add to `/metrics`, in Prometheus' text format.
    public var metrics: @Sendable () async -> String

    /// Paths with their handlers.
    public init(
        paths: [ServedPath], metrics: @escaping @Sendable () async -> String = { "" },
        register: @escaping @Sendable (Router<ServingContext>) -> Void
    ) {
        self.paths = paths
        self.metrics = metrics
        self.register = register
    }
}
