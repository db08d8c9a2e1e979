import Hummingbird
import Inference
import JSON

/// `POST /v1/chat/completions`.
struct ChatEndpoint: Sendable {
    let server: ServerState

    func respond(_ request: Request, _ context: ServingContext) async throws -> Response {
        let arrival = ContinuousClock.now
        let generator = try server.slot.generator()
        let object = try await request.jsonObject(upTo: server.options.limits.bodyBytes)
        try server.checkModel(object["model"]?.string)
        let chat = try ChatCompletionRequest(object, model: generator.model, options: server.options)
        context.warn(aboutUnknown: chat.unknownFields)
        let run = try ReplyRun(server: server, channel: context.channel)
        do {
            return try await reply(to: chat, generator: generator, run: run, arrival: arrival, context: context)
        } catch {
            run.end()
            throw error
        }
    }

    private func reply(
        to chat: ChatCompletionRequest, generator: any TextGenerator, run: ReplyRun,
        arrival: ContinuousClock.Instant, context: ServingContext
    ) async throws -> Response {
        let model = generator.model
        var prompt = try chat.conversation.render(for: model)
        prompt.tokens = chat.generation.truncated(prompt.tokens, model: model)
        let header = ReplyHeader(
            id: "chatcmpl-" + context.replyID(requested: chat.generation.requestID), model: server.modelName)
        let requests = try requests(for: chat, prompt: prompt, model: model, id: header.id)
        let ledger = ReplyLedger(
            arrival: arrival, choices: requests.count, choicesPerPrompt: requests.count, metrics: server.metrics,
            record: context.record)
        var assembler = try assembler(for: chat, prompt: prompt, model: model, header: header, ledger: ledger)
        let events = ReplyEvents.merge(try requests.map(generator.generate), stop: run.signal)
        if chat.generation.stream.isStreaming {
            return try await ReplyStream.response(events, run: run, assembler: assembler)
        }
        do {
            for try await event in events { assembler.fold(event) }
        } catch {
            assembler.fail(error)
            throw error
        }
        run.end()
        return Response(json: assembler.reply(wantsPromptLogprobs: chat.generation.promptLogprobs != nil))
    }

    private func requests(
        for chat: ChatCompletionRequest, prompt: RenderedPrompt, model: ServedModel, id: String
    ) throws -> [GenerationRequest] {
        let fields = chat.generation
        let stop = try fields.stop.conditions(
            promptTokens: prompt.tokens.count, maximumTokens: chat.maximumTokens, field: chat.maximumTokensField,
            model: model)
        server.metrics.choices.observe(Double(fields.choices))
        server.metrics.maximumTokens.observe(Double(stop.maximumTokens))
        let constraint = try ReplyFormats(server.options.chat, chat, prompt: prompt, model: model).constraint(
            for: model, slot: server.slot)
        let unique = "\(id)-\(RequestIdentifier.random().prefix(8))"
        return (0..<fields.choices).map { choice in
            var request = fields.request(
                id: unique, choice: choice, prompt: prompt.tokens, stop: stop, logprobs: chat.logprobs,
                constraint: constraint)
            // The tags of calls may be special tokens, and must reach the parser.
            if chat.conversation.tools.choice != .none { request.skipsSpecialTokens = false }
            return request
        }
    }

    private func assembler(
        for chat: ChatCompletionRequest, prompt: RenderedPrompt, model: ServedModel, header: ReplyHeader,
        ledger: ReplyLedger
    ) throws -> ChatAssembler {
        let options = server.options.chat
        let format = ChatFormat(
            header: header, names: TokenNames(tokenizer: model.tokenizer, byID: chat.generation.namesTokensByID),
            role: options.responseRole, reasoningFields: options.reasoningFields.names,
            wantsLogprobs: chat.logprobs != nil, wantsTokens: chat.generation.returnsTokenIDs)
        let rules = ChatChoice.Rules(
            toolChoice: chat.conversation.tools.choice, includesReasoning: chat.includesReasoning)
        let parser = try ReplyFormats(options, chat, prompt: prompt, model: model).parser()
        let choices = (0..<chat.generation.choices).map { ChatChoice(index: $0, parser: parser, rules: rules) }
        return ChatAssembler(
            format: format, stream: chat.generation.stream, promptTokens: prompt.tokens,
            echo: chat.echoes ? chat.conversation.finalText : "", ledger: ledger, choices: choices)
    }
}

extension ServingContext {
    /// The part of a reply's id after its prefix.
    func replyID(requested: String?) -> String {
        guard let requested, RequestIdentifier.isPlain(requested) else { return requestID }
        return requested
    }

    /// Names only: a value could be what a user wrote.
    func warn(aboutUnknown fields: [String]) {
        guard !fields.isEmpty else { return }
        let names = fields.prefix(20).map { $0.prefix(60) }.joined(separator: ", ")
        logger.warning("Unknown request fields are ignored", metadata: ["fields": .string(names)])
    }
}
