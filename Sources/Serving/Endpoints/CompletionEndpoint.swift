import Hummingbird
import Inference
import JSON

/// `POST /v1/completions`.
struct CompletionEndpoint: Sendable {
    let server: ServerState

    func respond(_ request: Request, _ context: ServingContext) async throws -> Response {
        let arrival = ContinuousClock.now
        let generator = try server.slot.generator()
        let object = try await request.jsonObject(upTo: server.options.limits.bodyBytes)
        try server.checkModel(object["model"]?.string)
        let completion = try CompletionRequest(object, model: generator.model, options: server.options)
        context.warn(aboutUnknown: completion.unknownFields)
        let run = try ReplyRun(server: server, channel: context.channel)
        do {
            return try await reply(to: completion, generator: generator, run: run, arrival: arrival, context: context)
        } catch {
            run.end()
            throw error
        }
    }

    private func reply(
        to completion: CompletionRequest, generator: any TextGenerator, run: ReplyRun,
        arrival: ContinuousClock.Instant, context: ServingContext
    ) async throws -> Response {
        let model = generator.model
        let fields = completion.generation
        let prompts = try completion.prompts.map { try completion.tokens(of: $0, model: model) }
        let header = ReplyHeader(id: "cmpl-" + context.replyID(requested: fields.requestID), model: server.modelName)
        let requests = try requests(for: completion, prompts: prompts, model: model, id: header.id)
        let format = CompletionFormat(
            header: header, names: TokenNames(tokenizer: model.tokenizer, byID: fields.namesTokensByID),
            wantsTokens: fields.returnsTokenIDs)
        let choices = requests.indices.map { index in
            CompletionChoice(
                index: index, prompt: prompts[index / fields.choices],
                echo: echo(completion, prompt: index / fields.choices, tokens: prompts[index / fields.choices], format),
                wantsLogprobs: completion.logprobs != nil, discardsReply: completion.maximumTokens == 0,
                names: format.names)
        }
        var assembler = CompletionAssembler(
            format: format, stream: fields.stream, wantsPromptLogprobs: fields.promptLogprobs != nil,
            ledger: ReplyLedger(
                arrival: arrival, choices: requests.count, choicesPerPrompt: fields.choices, metrics: server.metrics,
                record: context.record),
            choices: choices)
        let events = ReplyEvents.merge(try requests.map(generator.generate), stop: run.signal)
        if fields.stream.isStreaming {
            return try await ReplyStream.response(events, run: run, assembler: assembler)
        }
        do {
            for try await event in events { assembler.fold(event) }
        } catch {
            assembler.fail(error)
            throw error
        }
        run.end()
        return Response(json: assembler.reply())
    }

    /// The prompt's text where it is to be repeated.
    private func echo(
        _ completion: CompletionRequest, prompt: Int, tokens: [Int32], _ format: CompletionFormat
    ) -> String? {
        guard completion.echoes else { return nil }
        guard case .text(let text) = completion.prompts[prompt], completion.generation.truncatesPrompt == nil else {
            return format.names.text(tokens)
        }
        return text
    }

    private func requests(
        for completion: CompletionRequest, prompts: [[Int32]], model: ServedModel, id: String
    ) throws -> [GenerationRequest] {
        let fields = completion.generation
        server.metrics.choices.observe(Double(fields.choices))
        let constraint = try fields.output.map { try ReplyConstraints(slot: server.slot).constraint(for: $0) }
        let unique = "\(id)-\(RequestIdentifier.random().prefix(8))"
        var requests: [GenerationRequest] = []
        for (position, prompt) in prompts.enumerated() {
            // To score a prompt alone, one token is made and thrown away.
            let stop = try fields.stop.conditions(
                promptTokens: prompt.count, maximumTokens: completion.maximumTokens.map { max($0, 1) },
                field: "max_tokens", model: model)
            server.metrics.maximumTokens.observe(Double(stop.maximumTokens))
            for choice in 0..<fields.choices {
                var request = fields.request(
                    id: "\(unique)-\(position)", choice: choice, prompt: prompt, stop: stop,
                    logprobs: completion.logprobs, constraint: constraint)
                request.promptLogprobs =
                    completion.echoes ? completion.logprobs ?? fields.promptLogprobs : fields.promptLogprobs
                requests.append(request)
            }
        }
        return requests
    }
}
