import Inference
import JSON
import Tokenization

/// How conversations are rendered and replies are taken apart.
public struct ChatOptions: Sendable {
    /// Used in place of the checkpoint's own template.
    public var template: ChatTemplate?
    /// How message content reaches the template.
    public var contentFormat = ContentFormat.automatic
    /// Whether a request may bring a template of its own.
    public var trustsRequestTemplates = false
    /// Template variables for requests that do not set them.
    public var templateVariables = JSONObject()
    /// Whether the model may decide to call a tool.
    public var enablesAutoToolChoice = false
    /// The format of the model's tool calls, such as `hermes`, or ``automaticParser``.
    public var toolCallParser: String?
    /// The format of the model's reasoning, such as `qwen3`, or ``automaticParser``.
    public var reasoningParser: String?
    /// In place of a parser's name: the one that goes with the model's chat template.
    public static let automaticParser = "auto"
    /// Which fields carry the reasoning.
    public var reasoningFields = ReasoningFields.both
    /// The role of replies.
    public var responseRole = "assistant"

    /// The checkpoint's template, no tools by the model's own decision, no reasoning.
    public init() {}

    /// Checks the parsers' names.
    ///
    /// - Throws: `ReplyParserError`, which lists those there are.
    public func validate() throws(ReplyParserError) {
        if let name = toolCallParser, name != Self.automaticParser { _ = try ToolCallFormat(named: name) }
        if let name = reasoningParser, name != Self.automaticParser { _ = try ReasoningParser(named: name, prompt: "") }
    }

    /// The options with the parsers that ``automaticParser`` stands for.
    public func resolved(for model: ServedModel) -> ChatOptions {
        var options = self
        let source = (template ?? model.chatTemplate)?.source ?? ""
        if toolCallParser == Self.automaticParser {
            options.toolCallParser = ToolCallFormat(chatTemplate: source).rawValue
        }
        if reasoningParser == Self.automaticParser {
            options.reasoningParser = ReasoningParser.name(chatTemplate: source)
        }
        return options
    }
}

/// How message content reaches the template.
public enum ContentFormat: String, Sendable, CaseIterable {
    /// Parts where the template loops over them, else text.
    case automatic = "auto"
    /// One text; parts are joined by line breaks.
    case string
    /// A list of parts, as OpenAI's clients send it.
    case openai
}

/// Which fields carry the reasoning.
public enum ReasoningFields: String, Sendable, CaseIterable {
    /// `reasoning`, as in current vLLM.
    case reasoning
    /// `reasoning_content`, as in older releases and many clients.
    case reasoningContent = "reasoning_content"
    /// Both.
    case both

    var names: [String] {
        switch self {
        case .reasoning: ["reasoning"]
        case .reasoningContent: ["reasoning_content"]
        case .both: ["reasoning", "reasoning_content"]
        }
    }
}
