import Inference
import JSON

/// The fields that both kinds of completion share.
struct GenerationFields {
    var model: String?
    var sampling: SamplingParameters
    var stop: StopFields
    var stream: StreamFields
    var choices: Int
    var promptLogprobs: Int?
    var truncatesPrompt: Int?
    var skipsSpecialTokens: Bool
    var returnsTokenIDs: Bool
    var namesTokensByID: Bool
    var cacheSalt: String?
    var requestID: String?
    var output: StructuredOutput?

    init(_ fields: inout RequestFields, model: ServedModel, options: ServerOptions) throws(APIError) {
        let limits = options.limits
        self.model = try fields.string("model")
        sampling = try SamplingFields.read(
            &fields, defaults: options.defaultSampling ?? model.defaultSampling, model: model)
        stop = try StopFields(&fields, model: model, limits: limits)
        stream = try StreamFields(&fields)
        choices = try fields.integer("n", in: 1...limits.choices) ?? 1
        promptLogprobs = try fields.integer("prompt_logprobs", in: 0...limits.logprobs)
        if promptLogprobs != nil && stream.isStreaming {
            throw .invalid("prompt_logprobs", "cannot be given with stream=true")
        }
        truncatesPrompt = try fields.integer("truncate_prompt_tokens", in: -1 ... .max)
        skipsSpecialTokens = try fields.bool("skip_special_tokens") ?? true
        returnsTokenIDs = try fields.bool("return_token_ids") ?? false
        namesTokensByID = try fields.bool("return_tokens_as_token_ids") ?? false
        cacheSalt = try fields.string("cache_salt")
        if cacheSalt?.isEmpty == true { throw .invalid("cache_salt", "must not be empty") }
        requestID = try fields.string("request_id")
        output = try StructuredOutput(&fields)
        fields.ignore(
            "user", "priority", "vllm_xargs", "store", "metadata", "service_tier", "safety_identifier",
            "prompt_cache_key", "kv_transfer_params", "logits_processors")
    }

    /// The end of a prompt that the request wants cut to a length.
    func truncated(_ tokens: [Int32], model: ServedModel) -> [Int32] {
        guard let limit = truncatesPrompt else { return tokens }
        return Array(tokens.suffix(limit < 0 ? model.contextLength : limit))
    }

    /// One choice's request.
    ///
    /// - Parameter choice: the choice's position; each has a seed of its own.
    func request(
        id: String, choice: Int, prompt: [Int32], stop: StopConditions, logprobs: Int?,
        constraint: (any TokenConstraint)?
    ) -> GenerationRequest {
        var sampling = sampling
        if let seed = sampling.seed { sampling.seed = seed &+ UInt64(choice) }
        var request = GenerationRequest(id: "\(id)-\(choice)", prompt: prompt, sampling: sampling, stop: stop)
        request.logprobs = logprobs
        request.promptLogprobs = choice == 0 ? promptLogprobs : nil
        request.skipsSpecialTokens = skipsSpecialTokens
        request.cacheSalt = cacheSalt
        request.constraint = constraint
        return request
    }
}
