import Inference
import JSON

/// The fields that say when a reply ends, shared by both kinds of completion.
struct StopFields {
    var strings: [String]
    var tokens: Set<Int32>
    var includesStopString: Bool
    var ignoresEndOfSequence: Bool
    var minimumTokens: Int

    init(_ fields: inout RequestFields, model: ServedModel, limits: ServerLimits) throws(APIError) {
        strings = try Self.strings(&fields, limit: limits.stopStrings)
        if !strings.isEmpty && model.tokenizer == nil { throw .needsTokenizer("stop") }
        let ids = try fields.tokens("stop_token_ids") ?? []
        try SamplingFields.checkVocabulary(ids, model, field: "stop_token_ids")
        tokens = Set(ids)
        includesStopString = try fields.bool("include_stop_str_in_output") ?? false
        ignoresEndOfSequence = try fields.bool("ignore_eos") ?? false
        minimumTokens = try fields.integer("min_tokens", in: 0 ... .max) ?? 0
    }

    private static func strings(_ fields: inout RequestFields, limit: Int) throws(APIError) -> [String] {
        let strings = try fields.read("stop", "a string or an array of strings") { value -> [String]? in
            if let string = value.string { return [string] }
            guard let elements = value.array else { return nil }
            let strings = elements.compactMap(\.string)
            return strings.count == elements.count ? strings : nil
        }
        guard let strings else { return [] }
        guard strings.count <= limit else { throw .invalid("stop", "at most \(limit) strings, got \(strings.count)") }
        guard strings.allSatisfy({ !$0.isEmpty }) else { throw .invalid("stop", "a stop string cannot be empty") }
        return strings
    }

    /// The conditions for a prompt of that length.
    ///
    /// - Parameter maximumTokens: what the request asked for; without it, the rest of the context.
    func conditions(
        promptTokens: Int, maximumTokens: Int?, field: String, model: ServedModel
    ) throws(APIError) -> StopConditions {
        let room = model.contextLength - promptTokens
        guard room > 0 else {
            throw APIError(describing: GenerationError.promptTooLong(tokens: promptTokens, limit: model.contextLength))
        }
        let maximum = maximumTokens ?? room
        guard maximum <= room else {
            throw .invalid(
                field,
                "\(maximum) is too large. This model's maximum context length is \(model.contextLength) tokens and the "
                    + "request has \(promptTokens) input tokens, so at most \(room) can be written")
        }
        guard minimumTokens <= maximum else {
            throw .invalid("min_tokens", "must be at most \(field) (\(maximum)), got \(minimumTokens)")
        }
        var conditions = StopConditions(maximumTokens: maximum)
        conditions.minimumTokens = minimumTokens
        conditions.tokens = tokens
        conditions.strings = strings
        conditions.includesStopString = includesStopString
        conditions.ignoresEndOfSequence = ignoresEndOfSequence
        return conditions
    }
}
