import Inference
import Locking

/// What `/metrics` shows, under vLLM's names.
package final class ServerMetrics: Sendable {
    private struct Counts {
        var finished: [String: Int] = [:]
        var requests: [RequestKey: Int] = [:]
    }

    private struct RequestKey: Hashable {
        var method: String, path: String, status: Int
    }

    private let counts = Locked(Counts())
    private let modelName: String
    private let routes: Routes

    let promptTokens = Histogram(bounds: Buckets.tokens), generationTokens = Histogram(bounds: Buckets.tokens)
    let choices = Histogram(bounds: Buckets.choices), maximumTokens = Histogram(bounds: Buckets.tokens)
    let timeToFirstToken = Histogram(bounds: Buckets.firstToken)
    let interTokenLatency = Histogram(bounds: Buckets.token), timePerToken = Histogram(bounds: Buckets.token)
    let endToEnd = Histogram(bounds: Buckets.request), queue = Histogram(bounds: Buckets.request)
    let inference = Histogram(bounds: Buckets.request), prefill = Histogram(bounds: Buckets.request)
    let decode = Histogram(bounds: Buckets.request)

    package convenience init(modelName: String) { self.init(modelName: modelName, routes: Routes()) }

    init(modelName: String, routes: Routes) {
        self.modelName = modelName
        self.routes = routes
    }

    /// A reply has ended for that reason (`stop`, `length`, `abort`, `error`).
    func countFinished(_ reason: String) { counts.withLock { $0.finished[reason, default: 0] += 1 } }

    /// A response has been sent. Paths that do not exist share one label, so that strangers cannot grow the page.
    func countRequest(method: String, path: String, status: Int) {
        let known = routes.path(at: path)?.pattern ?? "other"
        let methods: Set = ["GET", "HEAD", "POST", "OPTIONS"]
        let key = RequestKey(method: methods.contains(method) ? method : "other", path: known, status: status)
        counts.withLock { $0.requests[key, default: 0] += 1 }
    }

    /// The page.
    package func text(engine: EngineStatistics?) -> String {
        var text = PrometheusText(labels: [("model_name", modelName), ("engine", "0")])
        if let engine { Self.write(engine, to: &text) }
        writeCounts(to: &text)
        writeHistograms(to: &text)
        return text.page
    }

    private static func write(_ engine: EngineStatistics, to text: inout PrometheusText) {
        text.gauge("vllm:num_requests_running", Double(engine.running), help: "Requests being computed.")
        text.gauge("vllm:num_requests_waiting", Double(engine.waiting), help: "Requests waiting for room.")
        text.gauge("vllm:kv_cache_usage_perc", engine.cacheUsage, help: "Share of the state pages in use, 1 is all.")
        text.counter(
            "vllm:prefix_cache_queries", Double(engine.prefixCacheQueries),
            help: "Prompt tokens looked up in the cache.")
        text.counter(
            "vllm:prefix_cache_hits", Double(engine.prefixCacheHits), help: "Prompt tokens found in the cache.")
        text.counter("vllm:num_preemptions", Double(engine.preemptions), help: "Requests that lost their pages.")
        text.counter("vllm:prompt_tokens", Double(engine.promptTokens), help: "Prompt tokens read.")
        text.counter("vllm:generation_tokens", Double(engine.generationTokens), help: "Tokens written.")
    }

    private func writeCounts(to text: inout PrometheusText) {
        let counts = counts.withLock { $0 }
        text.family("vllm:request_success_total", .counter, help: "Replies that ended, by reason.")
        for (reason, count) in counts.finished.sorted(by: { $0.key < $1.key }) {
            text.sample("vllm:request_success_total", Double(count), labels: [("finished_reason", reason)])
        }
        text.family("http_requests_total", .counter, help: "Responses sent, by path and status.")
        for (key, count) in counts.requests.sorted(by: { ($0.key.path, $0.key.status) < ($1.key.path, $1.key.status) })
        {
            let labels = [("handler", key.path), ("method", key.method), ("status", String(key.status))]
            text.sample("http_requests_total", Double(count), labels: labels)
        }
    }

    private func writeHistograms(to text: inout PrometheusText) {
        text.histogram("vllm:request_prompt_tokens", promptTokens, help: "Tokens of a prompt.")
        text.histogram("vllm:request_generation_tokens", generationTokens, help: "Tokens of a reply.")
        text.histogram("vllm:request_params_n", choices, help: "Replies asked for to one prompt.")
        text.histogram("vllm:request_params_max_tokens", maximumTokens, help: "Tokens a reply may have.")
        text.histogram("vllm:time_to_first_token_seconds", timeToFirstToken, help: "From arrival to the first token.")
        text.histogram("vllm:inter_token_latency_seconds", interTokenLatency, help: "From one token to the next.")
        text.histogram(
            "vllm:request_time_per_output_token_seconds", timePerToken, help: "Mean time between a reply's tokens.")
        text.histogram("vllm:e2e_request_latency_seconds", endToEnd, help: "From arrival to the end.")
        text.histogram("vllm:request_queue_time_seconds", queue, help: "From arrival to the first step.")
        text.histogram("vllm:request_inference_time_seconds", inference, help: "From the first step to the end.")
        text.histogram("vllm:request_prefill_time_seconds", prefill, help: "From the first step to the first token.")
        text.histogram("vllm:request_decode_time_seconds", decode, help: "From the first token to the end.")
    }
}
