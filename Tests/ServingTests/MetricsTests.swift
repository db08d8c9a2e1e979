import Inference
import JSON
import Serving
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("a finished request shows in the counters and histograms")
    func afterRequest() async throws {
        let page = try await withServer(ScriptedGenerator("a", "b")) { client in
            _ = try await client.chat()
            return try await client.get("/metrics").text
        }
        let labels = "{model_name=\"test\",engine=\"0\""
        #expect(page.contains("vllm:request_success_total\(labels),finished_reason=\"stop\"} 1.0\n"))
        #expect(page.contains("vllm:request_generation_tokens_sum\(labels)} 2.0\n"))
        #expect(page.contains("vllm:time_to_first_token_seconds_count\(labels)} 1.0\n"))
        #expect(page.contains("vllm:inter_token_latency_seconds_count\(labels)} 1.0\n"))
        #expect(page.contains("vllm:e2e_request_latency_seconds_count\(labels)} 1.0\n"))
        #expect(page.contains("vllm:prompt_tokens_total\(labels)}"))
        #expect(page.contains("vllm:num_requests_running\(labels)} 0.0\n"))
        #expect(page.contains("http_requests_total\(labels),handler=\"/v1/chat/completions\""))
    }

    @Test("every name that vLLM's dashboards read is there")
    func names() async throws {
        let page = try await withServer(ScriptedGenerator("a")) { try await $0.get("/metrics").text }
        let names = [
            "num_requests_running gauge", "num_requests_waiting gauge", "kv_cache_usage_perc gauge",
            "prefix_cache_queries_total counter", "prefix_cache_hits_total counter", "num_preemptions_total counter",
            "prompt_tokens_total counter", "generation_tokens_total counter", "request_success_total counter",
            "request_prompt_tokens histogram", "request_generation_tokens histogram", "request_params_n histogram",
            "request_params_max_tokens histogram", "time_to_first_token_seconds histogram",
            "inter_token_latency_seconds histogram", "request_time_per_output_token_seconds histogram",
            "e2e_request_latency_seconds histogram", "request_queue_time_seconds histogram",
            "request_inference_time_seconds histogram", "request_prefill_time_seconds histogram",
            "request_decode_time_seconds histogram",
        ]
        for name in names { #expect(page.contains("# TYPE vllm:\(name)\n")) }
        #expect(page.contains("le=\"0.001\"") && page.contains("le=\"2560.0\"") && page.contains("le=\"+Inf\""))
    }

    @Test("strangers' paths and methods cannot grow the page")
    func boundedLabels() async throws {
        let page = try await withServer(ScriptedGenerator("a")) { client in
            for number in 0..<50 { _ = try await client.get("/stranger\(number)") }
            return try await client.get("/metrics").text
        }
        #expect(!page.contains("stranger"))
        #expect(page.contains("handler=\"other\",method=\"GET\",status=\"404\"} 50.0"))
    }

    @Test("a broken-off generation counts as an error")
    func failures() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.failure = GenerationError.shuttingDown
            return script
        }
        let page = try await withServer(generator) { client in
            #expect(try await client.chat().status == 503)
            return try await client.get("/metrics").text
        }
        #expect(page.contains("finished_reason=\"error\"} 1.0"))
    }

    @Test("a histogram's buckets add up")
    func histogram() {
        let histogram = Histogram(bounds: [1, 2, 5])
        for value in [0.5, 1, 1.5, 5, 100] { histogram.observe(value) }
        let (cumulative, sum) = histogram.snapshot()
        #expect(cumulative == [2, 3, 4, 5])
        #expect(sum == 108)
    }

    @Test("labels are escaped")
    func escaping() {
        var text = PrometheusText(labels: [("name", "a\"b\\c\nd")])
        text.gauge("g", 1, help: "h")
        #expect(text.page == "# HELP g h\n# TYPE g gauge\ng{name=\"a\\\"b\\\\c\\nd\"} 1.0\n")
    }
}
