import Foundation
import JSON

/// What `annie bench` measured.
package struct BenchReport: Sendable {
    package struct Prefill: Sendable {
        package var tokens: Int
        package var tokensPerSecond: Measurement
    }

    package struct Decode: Sendable {
        package var depth: Int
        package var tokensPerSecond: Measurement
        /// Weights and the state of `depth` positions.
        package var bytesPerToken: Int
    }

    package struct Turn: Sendable {
        package var turn: Int
        package var promptTokens: Int, cachedTokens: Int
        package var firstTokenSeconds: Measurement

        package init(turn: Int, promptTokens: Int, cachedTokens: Int, firstTokenSeconds: Measurement) {
            self.turn = turn
            self.promptTokens = promptTokens
            self.cachedTokens = cachedTokens
            self.firstTokenSeconds = firstTokenSeconds
        }
    }

    package var model = ""
    package var threads = 0
    package var weightBytes = 0
    package var formats: [String: Int] = [:]
    /// Bytes per second when reading as many bytes as the weights have, and when reading a gigabyte.
    package var bandwidth = 0.0, largeBandwidth = 0.0
    /// Multiply-adds per second of a product in bf16, and what a prompt's token needs of them in the layers' products.
    package var products = 0.0, productsPerToken = 0
    package var prefill: [Prefill] = []
    package var decode: [Decode] = []
    package var conversation: [Turn] = []
    package var loadSeconds: Measurement?
    /// Of that, what reading the weights took, and whether they were mapped as an earlier start packed them.
    package var weightSeconds = 0.0, mapsWeights = false
    /// Keeping and taking back a recurrent state; nil without recurrent layers.
    package var snapshot: SnapshotTimes?
    package var peakMemoryBytes = 0

    package init() {}

    /// How much of the memory's bandwidth a row's reading takes: 1 if reading those bytes were all there is to do.
    package func bandwidthShare(_ row: Decode) -> Double {
        bandwidth > 0 ? row.tokensPerSecond.median * Double(row.bytesPerToken) / bandwidth : 0
    }

    /// How much of the speed of bf16 products a prompt is read with: 1 if those were all there is to do.
    package func productShare(_ row: Prefill) -> Double {
        products > 0 ? row.tokensPerSecond.median * Double(productsPerToken) / products : 0
    }

    /// Time to first token at turn 20 over that at turn 2.
    package var firstTokenGrowth: Double? {
        guard conversation.count > 2, let last = conversation.last else { return nil }
        return last.firstTokenSeconds.median / conversation[1].firstTokenSeconds.median
    }

    package var json: JSONValue {
        .object(
            JSONObject([
                ("annie", .string(Annie.version)), ("model", .string(model)), ("threads", .integer(threads)),
                ("weight_bytes", .integer(weightBytes)),
                (
                    "formats",
                    .object(JSONObject(formats.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))
                ),
                (
                    "bandwidth",
                    .object(
                        JSONObject([
                            ("bytes_per_second", .number(bandwidth)),
                            ("bytes_per_second_1gib", .number(largeBandwidth)),
                        ]))
                ),
                (
                    "products",
                    .object(
                        JSONObject([
                            ("per_second_bf16", .number(products)), ("per_token", .integer(productsPerToken)),
                        ]))
                ),
                ("prefill", .array(prefill.map { $0.json(share: productShare($0)) })),
                ("decode", .array(decode.map { $0.json(share: bandwidthShare($0)) })),
                ("conversation", .array(conversation.map(\.json))),
                ("load_seconds", loadSeconds?.json ?? .null), ("weights_seconds", .number(weightSeconds)),
                ("weights_mapped", .bool(mapsWeights)), ("snapshot", snapshot?.json ?? .null),
                ("peak_memory_bytes", .integer(peakMemoryBytes)),
            ]))
    }
}

extension BenchReport.Prefill {
    func json(share: Double) -> JSONValue {
        .object(
            JSONObject([
                ("tokens", .integer(tokens)), ("tokens_per_second", tokensPerSecond.json),
                ("product_share", .number(share)),
            ]))
    }
}

extension BenchReport.Decode {
    func json(share: Double) -> JSONValue {
        .object(
            JSONObject([
                ("depth", .integer(depth)), ("tokens_per_second", tokensPerSecond.json),
                ("bytes_per_token", .integer(bytesPerToken)), ("bandwidth_share", .number(share)),
            ]))
    }
}

extension BenchReport.Turn {
    var json: JSONValue {
        .object(
            JSONObject([
                ("turn", .integer(turn)), ("prompt_tokens", .integer(promptTokens)),
                ("cached_tokens", .integer(cachedTokens)), ("first_token_seconds", firstTokenSeconds.json),
            ]))
    }
}
