import Hummingbird
import Inference
import JSON

/// `POST /tokenize` and `POST /detokenize`.
struct TokenizeEndpoint: Sendable {
    let server: ServerState

    func tokenize(_ request: Request, _ context: ServingContext) async throws -> Response {
        let model = try server.slot.generator().model
        var fields = RequestFields(try await request.jsonObject(upTo: server.options.limits.bodyBytes))
        try server.checkModel(try fields.string("model"))
        let wantsText = try fields.bool("return_token_strs") ?? false
        let tokens = try tokens(&fields, model: model)
        context.warn(aboutUnknown: fields.unknown)
        let names = TokenNames(tokenizer: model.tokenizer, byID: false)
        return Response(json: [
            "count": .integer(tokens.count), "max_model_len": .integer(model.contextLength),
            "tokens": .array(tokens.map { .integer(Int($0)) }),
            "token_strs": wantsText ? .array(tokens.map { .string(names.name($0)) }) : .null,
        ])
    }

    private func tokens(_ fields: inout RequestFields, model: ServedModel) throws -> [Int32] {
        guard let tokenizer = model.tokenizer else { throw APIError.needsTokenizer("prompt") }
        guard fields.value("messages") != nil else {
            guard let prompt = try fields.string("prompt") else {
                throw APIError.invalid("prompt", "is needed, or messages in its place")
            }
            let addsSpecialTokens = try fields.bool("add_special_tokens") ?? true
            return addsSpecialTokens ? tokenizer.encode(prompt, addsSpecialTokens: true) : tokenizer.encode(prompt)
        }
        return try ConversationFields(&fields, model: model, options: server.options.chat).render(for: model).tokens
    }

    func detokenize(_ request: Request, _ context: ServingContext) async throws -> Response {
        let model = try server.slot.generator().model
        var fields = RequestFields(try await request.jsonObject(upTo: server.options.limits.bodyBytes))
        try server.checkModel(try fields.string("model"))
        guard let tokens = try fields.tokens("tokens") else { throw APIError.invalid("tokens", "is needed") }
        context.warn(aboutUnknown: fields.unknown)
        guard let tokenizer = model.tokenizer else {
            throw APIError.badRequest("This checkpoint has no tokenizer, so tokens have no text.", parameter: "tokens")
        }
        try SamplingFields.checkVocabulary(tokens, model, field: "tokens")
        return Response(json: ["prompt": .string(tokenizer.decode(tokens))])
    }
}
