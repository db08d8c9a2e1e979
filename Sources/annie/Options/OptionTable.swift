/// Every setting of `annie`, once: the command line, the environment, YAML files, `--help` and docs/Options.md all
/// come from here.
package enum OptionTable {
    // MARK: What is served

    package static let model = Setting<String>(
        "model", default: "smollm2-135m-nvfp4",
        help: "The model: a directory, or a name from `annie models`.")
    package static let servedModelName = Setting<[String]>(
        "served-model-name", help: "Names that requests may use for the model; its own name if not given.")
    package static let dtype = Setting<ComputeType>(
        "dtype", default: .auto,
        help: "The type of unquantised weights: auto follows the checkpoint; float32 is the reference.")
    package static let maxModelLength = Setting<Int>(
        "max-model-len", help: "Longest prompt and reply together, in tokens; the model's own limit if not given.",
        objection: atLeast(1))
    package static let chatTemplate = Setting<String>(
        "chat-template", help: "A Jinja file to use instead of the checkpoint's own chat template.")
    package static let generationConfig = Setting<String>(
        "generation-config", default: "auto",
        help: "Where sampling defaults come from: auto (the checkpoint's file), vllm (none), or a directory.")

    // MARK: The server

    package static let host = Setting<String>(
        "host", default: "127.0.0.1",
        help: "The address to listen on; one that other machines can reach needs an API key.")
    package static let port = Setting<Int>(
        "port", default: 8000, help: "The port to listen on; 0 takes any free one.", objection: within(0...65535))
    package static let apiKey = Setting<[String]>(
        "api-key", help: "Keys, one of which requests to /v1 must carry as `Authorization: Bearer KEY`.")
    package static let allowedOrigins = Setting<[String]>(
        "allowed-origins", default: ["*"], help: "Web origins that may call the server from a browser.")
    package static let maxQueue = Setting<Int>(
        "max-queue", default: 256, help: "Requests that may wait; further ones are answered with 503.",
        objection: atLeast(0))
    package static let enableAutoToolChoice = Setting<Bool>(
        "enable-auto-tool-choice", default: true, help: "Lets the model decide whether to call a tool.")
    package static let toolCallParser = Setting<String>(
        "tool-call-parser", default: "auto",
        help:
            "How tool calls are read from the model's text: auto goes by the chat template; hermes, qwen3_coder, none.")
    package static let reasoningParser = Setting<String>(
        "reasoning-parser", default: "auto",
        help: "How reasoning is told from the answer: auto goes by the chat template; qwen3, deepseek_r1, none.")

    package static let tlsCertificate = Setting<String>(
        "tls-cert", help: "A PEM file with the certificate to serve HTTPS with; --tls-key goes with it.")
    package static let tlsKey = Setting<String>("tls-key", help: "A PEM file with the certificate's private key.")

    // MARK: The companion

    package static let persona = Setting<String>(
        "persona", help: "A YAML file that says who she is; Annie herself if not given.")
    package static let profile = Setting<String>(
        "profile", help: "A YAML file that says who you are; ~/.config/annie/profile.yaml if not given.")
    package static let data = Setting<String>(
        "data", help: "The file she remembers in; ~/.local/share/annie/annie.db if not given.")
    package static let chatModel = Setting<String>(
        "chat-model", help: "The URL of an OpenAI-compatible API that thinks for her, in place of the model here.")
    package static let chatModelName = Setting<String>(
        "chat-model-name", help: "The model's name at --chat-model; the first it offers if not given.")
    package static let chatModelKey = Setting<String>("chat-model-key", help: "The key for --chat-model.")
    package static let searchURL = Setting<String>(
        "search-url", help: "A SearXNG server for web_search, as http://127.0.0.1:8888.")
    package static let braveKey = Setting<String>("brave-key", help: "A key of Brave's search API for web_search.")
    package static let tavilyKey = Setting<String>("tavily-key", help: "A key of Tavily's search API for web_search.")

    // MARK: Calls

    package static let voice = Setting<Bool>("voice", default: true, help: "Lets her hear and speak.")
    package static let callPort = Setting<Int>(
        "call-port", default: 0, help: "The UDP port of all calls; 0 takes any free one.",
        objection: within(0...65535))
    package static let maxCalls = Setting<Int>(
        "max-calls", default: 16, help: "Calls held at the same time.", objection: within(1...10_000))
    package static let endOfTurn = Setting<TurnEnd>(
        "end-of-turn", default: .smart,
        help: "How she knows that you have finished: smart listens to how it sounds, silence waits.")
    package static let greets = Setting<Bool>("greeting", default: true, help: "Lets her greet who calls first.")

    // MARK: The engine

    package static let threads = Setting<Int>(
        "threads", help: "Threads that compute; one per physical core if not given.", objection: within(1...256))
    package static let maxSequences = Setting<Int>(
        "max-num-seqs", default: 16, help: "Requests computed at the same time.", objection: within(1...4096))
    package static let maxBatchedTokens = Setting<Int>(
        "max-num-batched-tokens", default: 512,
        help: "Tokens computed in one step; smaller keeps other streams smoother while a long prompt is read.",
        objection: within(16...65536))
    package static let cacheMemory = Setting<ByteSize>(
        "kv-cache-memory", default: ByteSize(1 << 30),
        help: "Memory for sequence state, cached prefixes included.",
        objection: { $0.bytes < 1 << 20 ? "at least 1M is needed" : nil })
    package static let cacheType = Setting<CacheType>(
        "kv-cache-dtype", default: .auto,
        help: "How keys and values are stored: auto is int8 beside NVFP4 weights (half the bytes), else --dtype.")
    package static let enablePrefixCaching = Setting<Bool>(
        "enable-prefix-caching", default: true, help: "Reuses the computed state of prompts that begin alike.")
    package static let snapshotMemory = Setting<ByteSize>(
        "snapshot-memory", default: ByteSize(1 << 30),
        help: "Memory for kept states of recurrent layers, beside --kv-cache-memory; 0 keeps none.")
    package static let snapshotDirectory = Setting<String>(
        "snapshot-dir",
        help: "Where states are written, so that conversations go on after a restart without being read again.")
    package static let guessedTokens = Setting<Int>(
        "speculative-tokens", default: 0,
        help:
            "Tokens guessed at once, from the prompt and the reply or by the model's own head for that (MTP), where it "
            + "is faster; replies stay the same.",
        objection: within(0...16))
    package static let weightCache = Setting<String>(
        "weight-cache",
        help: "Where large models' weights are kept as they are computed with, to be mapped at the next start: "
            + "~/.cache/annie/packed if not given; none keeps none.")
    package static let seed = Setting<Int>(
        "seed", help: "Makes sampling repeatable for requests that bring no seed of their own.", objection: atLeast(0))

    // MARK: Conversation in the terminal

    package static let system = Setting<String>("system", help: "The system prompt of `annie chat`.")
    package static let temperature = Setting<Float>(
        "temperature", help: "How varied `annie chat` answers; 0 is greedy. The checkpoint's default if not given.",
        objection: { $0 < 0 ? "must not be negative" : nil })
    package static let topP = Setting<Float>(
        "top-p", help: "Keeps the smallest set of tokens whose probability reaches this.",
        objection: { $0 <= 0 || $0 > 1 ? "must be above 0 and at most 1" : nil })
    package static let topK = Setting<Int>(
        "top-k", help: "Keeps only that many of the most likely tokens; 0 keeps all.", objection: atLeast(0))
    package static let maxTokens = Setting<Int>(
        "max-tokens", default: 1024, help: "Longest reply of `annie chat`, in tokens.", objection: atLeast(1))

    // MARK: Logs

    package static let logLevel = Setting<LogLevel>(
        "log-level", default: .info, help: "How much is logged, to standard error.")
    package static let logFormat = Setting<LogFormat>(
        "log-format", default: .text, help: "Log lines as text or as JSON.")

    /// The table, by group, in the order it is printed.
    package static let groups: [(title: String, settings: [any AnySetting])] = [
        ("What is served", [model, servedModelName, dtype, maxModelLength, chatTemplate, generationConfig]),
        (
            "The server",
            [
                host, port, apiKey, tlsCertificate, tlsKey, allowedOrigins, maxQueue, enableAutoToolChoice,
                toolCallParser, reasoningParser,
            ]
        ),
        (
            "The companion (annie up)",
            [persona, profile, data, chatModel, chatModelName, chatModelKey, searchURL, braveKey, tavilyKey]
        ),
        ("Calls (annie up)", [voice, callPort, maxCalls, endOfTurn, greets]),
        (
            "The engine",
            [
                threads, maxSequences, maxBatchedTokens, cacheMemory, cacheType, enablePrefixCaching, snapshotMemory,
                snapshotDirectory, guessedTokens, weightCache, seed,
            ]
        ),
        ("Conversation in the terminal", [system, temperature, topP, topK, maxTokens]),
        ("Logs", [logLevel, logFormat]),
    ]

    package static let all: [any AnySetting] = groups.flatMap(\.settings)

    package static func setting(named name: String) -> (any AnySetting)? { all.first { $0.name == name } }

    private static func atLeast(_ limit: Int) -> @Sendable (Int) -> String? {
        { $0 < limit ? "\($0) is too small; the least is \(limit)" : nil }
    }

    private static func within(_ range: ClosedRange<Int>) -> @Sendable (Int) -> String? {
        { range.contains($0) ? nil : "\($0) is not between \(range.lowerBound) and \(range.upperBound)" }
    }
}

/// The type of activations and unquantised weights.
package enum ComputeType: String, NamedChoice { case auto, float32, bfloat16 }

/// The type of stored keys and values.
package enum CacheType: String, NamedChoice { case auto, float32, bfloat16, int8 }

/// How she knows that the user has finished.
package enum TurnEnd: String, NamedChoice { case smart, silence }

/// How much is logged.
package enum LogLevel: String, NamedChoice { case trace, debug, info, notice, warning, error, critical }

/// How a log line is written.
package enum LogFormat: String, NamedChoice { case text, json }
