import Foundation

/// Which server repositories are fetched from, and as whom.
public struct HubConfiguration: Sendable {
    /// Without a slash at the end, such as `https://huggingface.co`.
    public var endpoint: String
    /// Sent to the endpoint alone, never to a host it redirects to.
    public var token: String?
    /// How often a request is repeated after a failure that may pass.
    public var retries = 5
    /// The wait before the first repetition; doubled for each further one.
    public var backoff = Duration.seconds(1)

    /// `HF_ENDPOINT` and `HF_TOKEN`.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let token = environment["HF_TOKEN"]?.trimmingCharacters(in: .whitespacesAndNewlines)
        self.init(endpoint: environment["HF_ENDPOINT"] ?? "", token: token)
    }

    /// An empty endpoint means Hugging Face's own; an empty token means none.
    public init(endpoint: String, token: String? = nil) {
        let endpoint = endpoint.trimmingCharacters(in: .whitespacesAndNewlines)
        self.endpoint = endpoint.isEmpty ? "https://huggingface.co" : endpoint
        while self.endpoint.hasSuffix("/") { self.endpoint.removeLast() }
        self.token = token.flatMap { $0.isEmpty ? nil : $0 }
    }
}
