import Inference
import JSON
import Tokenization

/// A conversation and how it is to be rendered: what `/v1/chat/completions` and `/tokenize` share.
struct ConversationFields {
    var messages: [JSONValue]
    var tools: ToolFields
    var template: ChatTemplate
    var addsGenerationPrompt: Bool
    var continuesFinalMessage: Bool
    var addsSpecialTokens: Bool
    var variables: JSONObject

    init(_ fields: inout RequestFields, model: ServedModel, options: ChatOptions) throws(APIError) {
        template = try Self.template(&fields, model: model, options: options)
        messages = try MessageFields(keepsParts: Self.keepsParts(template, options)).read(&fields)
        tools = try ToolFields(&fields)
        let asksForPrompt = try fields.bool("add_generation_prompt")
        continuesFinalMessage = try fields.bool("continue_final_message") ?? false
        if continuesFinalMessage && asksForPrompt == true {
            throw .invalid("continue_final_message", "cannot be set together with add_generation_prompt")
        }
        addsGenerationPrompt = asksForPrompt ?? !continuesFinalMessage
        addsSpecialTokens = try fields.bool("add_special_tokens") ?? false
        variables = try Self.variables(&fields, options: options)
        fields.ignore("mm_processor_kwargs")
    }

    private static func template(
        _ fields: inout RequestFields, model: ServedModel, options: ChatOptions
    ) throws(APIError) -> ChatTemplate {
        guard model.tokenizer != nil else { throw .needsTokenizer("messages") }
        if let source = try fields.string("chat_template") {
            guard options.trustsRequestTemplates else {
                throw .invalid("chat_template", "this server does not take templates from requests")
            }
            do { return try ChatTemplate(source: source) } catch { throw .invalid("chat_template", "\(error)") }
        }
        guard let template = options.template ?? model.chatTemplate else {
            throw .badRequest(
                "This checkpoint has no chat template. Start the server with one, or use /v1/completions.",
                parameter: "messages")
        }
        return template
    }

    private static func keepsParts(_ template: ChatTemplate, _ options: ChatOptions) -> Bool {
        switch options.contentFormat {
        case .string: false
        case .openai: true
        // A template that loops over content wants parts; the others would print a list as such.
        case .automatic:
            template.source.contains(/\bfor\s+\w+\s+in\s+(message\.content|message\[['"]content['"]\]|content)\b/)
        }
    }

    private static func variables(_ fields: inout RequestFields, options: ChatOptions) throws(APIError) -> JSONObject {
        var variables = options.templateVariables
        if let effort = try fields.string("reasoning_effort") {
            let efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
            guard efforts.contains(effort) else {
                throw .invalid("reasoning_effort", "must be one of \(efforts.joined(separator: ", "))")
            }
            variables["reasoning_effort"] = .string(effort)
            if variables["enable_thinking"] == nil { variables["enable_thinking"] = .bool(effort != "none") }
        }
        if let documents = try fields.array("documents") { variables["documents"] = .array(documents) }
        for (name, value) in try fields.object("chat_template_kwargs") ?? JSONObject() {
            guard !["messages", "tools", "add_generation_prompt", "chat_template", "tokenize"].contains(name) else {
                throw .invalid("chat_template_kwargs", "'\(name)' has a field of its own")
            }
            variables[name] = value
        }
        return variables
    }
}
