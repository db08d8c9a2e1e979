import Foundation
import JSON

/// A checkpoint's own chat template, which turns messages and tools into the prompt the model was trained on.
///
/// It is a Jinja program as Hugging Face runs them: sandboxed, with `trim_blocks` and `lstrip_blocks`, `tojson` that
/// keeps key order and does not escape HTML, `raise_exception` and `strftime_now`. A template cannot change what it is
/// given, and one that loops or explodes ends with an error.
public struct ChatTemplate: Sendable {
    /// The Jinja source.
    public let source: String
    private let body: [Statement]
    private let symbols: SymbolTable

    /// Compiles a template.
    ///
    /// - Throws: A ``ChatTemplateError`` of kind `.syntax`, with its line.
    public init(source: String) throws(ChatTemplateError) {
        self.source = source
        (body, symbols) = try TemplateParser.parse(source)
    }

    /// The prompt for a conversation.
    ///
    /// - Parameters:
    ///   - messages: Each an object with `role`, `content` and so on, as in the OpenAI API; tool-call arguments are
    ///     objects, for which there is ``normalised(messages:)``.
    ///   - tools: The tools on offer; nil is Jinja's `none`.
    ///   - addsGenerationPrompt: Whether the prompt ends where the assistant's reply begins.
    ///   - variables: Further names the template may use, such as `bos_token`, `eos_token` or `enable_thinking`.
    public func render(
        messages: [JSONValue], tools: [JSONValue]? = nil, addsGenerationPrompt: Bool = true,
        variables: JSONObject = JSONObject()
    ) throws(ChatTemplateError) -> String {
        try render(
            messages: messages, tools: tools, addsGenerationPrompt: addsGenerationPrompt, variables: variables,
            limits: RenderLimits(), clock: .system)
    }

    package func render(
        messages: [JSONValue], tools: [JSONValue]? = nil, addsGenerationPrompt: Bool = true,
        variables: JSONObject = JSONObject(), limits: RenderLimits, clock: TemplateClock = .system
    ) throws(ChatTemplateError) -> String {
        var context = variables
        context["messages"] = .array(messages)
        context["tools"] = tools.map { .array($0) } ?? .null
        context["documents"] = variables["documents"] ?? .null
        context["add_generation_prompt"] = .bool(addsGenerationPrompt)
        return try render(context: context, limits: limits, clock: clock)
    }

    /// Renders with exactly these variables.
    package func render(
        context: JSONObject, limits: RenderLimits = RenderLimits(), clock: TemplateClock = .system
    ) throws(ChatTemplateError) -> String {
        var values: [String: TemplateValue] = [:]
        for (name, value) in context where symbols.id(of: name) != nil { values[name] = try TemplateValue(value) }
        return try Renderer(symbols: symbols, variables: values, limits: limits, clock: clock).render(body)
    }
}
