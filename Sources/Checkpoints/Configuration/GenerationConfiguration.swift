import Foundation
import JSON

/// How a checkpoint's makers want it sampled: `generation_config.json`. What it does not say is nil.
public struct GenerationConfiguration: Sendable, Equatable {
    /// Tokens that end a reply.
    public var endTokens: [Int32] = []
    /// Token that begins a text.
    public var beginToken: Int32?
    /// Token that fills a batch.
    public var padToken: Int32?
    /// False asks for greedy decoding whatever the temperature.
    public var samples: Bool?
    /// Divides the logits.
    public var temperature: Double?
    /// Keeps the k likeliest tokens.
    public var topK: Int?
    /// Keeps the likeliest tokens up to this probability.
    public var topP: Double?
    /// Keeps tokens at least this fraction as likely as the likeliest.
    public var minP: Double?
    /// Divides the logits of tokens already present.
    public var repetitionPenalty: Double?
    /// The longest reply.
    public var maximumNewTokens: Int?

    package static let fileName = "generation_config.json"

    /// Nothing stated.
    public init() {}

    /// Reads `generation_config.json` of a directory; nothing stated when there is none.
    public init(directory: URL) throws(CheckpointError) {
        let url = directory.appendingPathComponent(Self.fileName)
        guard let json = try JSONFile.readIfPresent(url) else {
            self.init()
            return
        }
        try self.init(json: json, file: url.path)
    }

    /// Reads a parsed `generation_config.json`.
    ///
    /// - Parameter file: what to call it in errors.
    public init(json: JSONValue, file: String = "generation_config.json") throws(CheckpointError) {
        guard let object = json.object else { throw CheckpointError(.malformed, file: file, "is not a JSON object") }
        let reader = ConfigurationReader(file: file, levels: [object])
        endTokens = try reader.tokens("eos_token_id")
        beginToken = try reader.tokens("bos_token_id").first
        padToken = try reader.tokens("pad_token_id").first
        samples = try reader.bool("do_sample")
        temperature = try Self.number(reader, "temperature", in: 0...100)
        topP = try Self.number(reader, "top_p", in: 0...1)
        minP = try Self.number(reader, "min_p", in: 0...1)
        repetitionPenalty = try reader.positive("repetition_penalty")
        if let value = try reader.number("top_k") { topK = Int(exactly: value).flatMap { $0 > 0 ? $0 : nil } }
        maximumNewTokens = try reader.size("max_new_tokens")
    }

    private static func number(
        _ reader: ConfigurationReader, _ key: String, in range: ClosedRange<Double>
    ) throws(CheckpointError) -> Double? {
        guard let value = try reader.number(key) else { return nil }
        guard range.contains(value) else {
            throw reader.failure("found \(key) \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
