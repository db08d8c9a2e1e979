import Inference
import JSON

/// A request to `/v1/chat/completions`.
struct ChatCompletionRequest {
    var generation: GenerationFields
    var conversation: ConversationFields
    var maximumTokens: Int?
    /// The field that gave the limit, for messages.
    var maximumTokensField: String
    /// Report log-probabilities with that many alternatives.
    var logprobs: Int?
    var echoes: Bool
    var includesReasoning: Bool
    /// Fields nobody here knows.
    var unknownFields: [String]

    init(_ object: JSONObject, model: ServedModel, options: ServerOptions) throws(APIError) {
        var fields = RequestFields(object)
        generation = try GenerationFields(&fields, model: model, options: options)
        conversation = try ConversationFields(&fields, model: model, options: options.chat)
        let newer = try fields.integer("max_completion_tokens", in: 1 ... .max)
        let older = try fields.integer("max_tokens", in: 1 ... .max)
        maximumTokens = newer ?? older
        maximumTokensField = newer == nil ? "max_tokens" : "max_completion_tokens"
        logprobs = try Self.logprobs(&fields, limit: options.limits.logprobs)
        echoes = try fields.bool("echo") ?? false
        includesReasoning = try fields.bool("include_reasoning") ?? true
        if fields.value("thinking_token_budget") != nil {
            throw .notImplemented(
                "thinking_token_budget is not available.", parameter: "thinking_token_budget")
        }
        fields.ignore("modalities", "prediction", "web_search_options", "verbosity", "chat_template_content_format")
        unknownFields = fields.unknown
        try check(options: options)
    }

    private static func logprobs(_ fields: inout RequestFields, limit: Int) throws(APIError) -> Int? {
        let wanted = try fields.bool("logprobs") ?? false
        let top = try fields.integer("top_logprobs", in: 0...limit)
        if let top, top > 0, !wanted { throw .invalid("top_logprobs", "can only be given with logprobs=true") }
        return wanted ? top ?? 0 : nil
    }

    private func check(options: ServerOptions) throws(APIError) {
        let choice = conversation.tools.choice
        if choice == .automatic, !options.chat.enablesAutoToolChoice || options.chat.toolCallParser == nil {
            throw .invalid(
                "tool_choice",
                "'auto' needs the server to be started with --enable-auto-tool-choice and --tool-call-parser")
        }
        if choice.isForced && generation.output != nil {
            throw .badRequest(
                "A forced tool_choice and a structured output cannot be given together.", parameter: "tool_choice")
        }
    }
}
