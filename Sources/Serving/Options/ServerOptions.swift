import Inference

/// How the server listens, whom it lets in, and what it says about itself; the names follow vLLM's flags.
public struct ServerOptions: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 lets the system choose.
    public var port = 8000
    /// Keys of which one must come as `Authorization: Bearer …` on `/v1`; empty lets everyone in.
    public var apiKeys: [String] = []
    /// Names the model answers to; the first is the one replies carry.
    public var servedModelNames = ["model"]
    /// Replaces the sampling defaults of the checkpoint's `generation_config.json`.
    public var defaultSampling: SamplingParameters?
    /// How conversations are rendered and replies are taken apart.
    public var chat = ChatOptions()
    /// Bounds on what one client may take.
    public var limits = ServerLimits()
    /// Which web pages may call the server from a browser.
    public var crossOrigin = CrossOriginOptions()
    /// Certificate and key to serve HTTPS with; nil serves HTTP.
    public var tls: TLSFiles?
    /// What `/version` answers.
    public var version = "0.0.0"

    /// Listens on 127.0.0.1:8000 and lets everyone in.
    public init() {}
}

/// Bounds on what one client may take.
public struct ServerLimits: Sendable {
    /// Largest request body in bytes.
    public var bodyBytes = 32 << 20
    /// Largest request head in bytes, and its largest number of fields.
    public var headerBytes = 64 << 10, headerCount = 200
    /// How long a connection may stay without a request, or take to send a request's head.
    public var idleSeconds = 65.0
    /// How long a request's body may take to arrive.
    public var bodySeconds = 60.0
    /// How long a client may leave a reply unread before its connection is closed.
    public var stalledWriteSeconds = 60.0
    /// Connections open at once; more wait in the system's backlog.
    public var connections = 1024
    /// How long running replies may go on after the server was asked to stop.
    public var shutdownSeconds = 30.0
    /// Most replies to one prompt (`n`), prompts in one request (each counted `n` times), and stop strings.
    public var choices = 128, prompts = 1024, stopStrings = 16
    /// Most alternatives reported for each token.
    public var logprobs = 20

    /// Bounds that suit one machine.
    public init() {}
}

/// Which web pages may call the server from a browser (CORS).
public struct CrossOriginOptions: Sendable {
    /// Allowed origins; `*` allows all.
    public var origins = ["*"]
    /// Allowed methods; `*` allows those the server has.
    public var methods = ["*"]
    /// Allowed request headers; `*` allows what the browser asks for.
    public var headers = ["*"]
    /// Whether the browser may send cookies and keys of its own.
    public var allowsCredentials = false

    /// Allows every page, as vLLM does.
    public init() {}
}
