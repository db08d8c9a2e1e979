import JSON

/// Finds the tool calls of one format in a reply, and the text between them.
///
/// A parser keeps what it cannot decide yet; what it returns depends on the text so far and not on its pieces.
public protocol ToolCallParser: Sendable {
    /// Whether calls may stand inside the reasoning; otherwise the parser is given the answer alone.
    var findsCallsInReasoning: Bool { get }
    /// Takes more text; returns what became certain.
    mutating func append(_ text: String) -> [ToolCallEvent]
    /// Ends the text; what was held back is decided. `truncated` says that the token limit cut the reply off.
    mutating func finish(truncated: Bool) -> [ToolCallEvent]
}

extension ToolCallParser {
    /// Models forget to close their reasoning before they call a tool.
    public var findsCallsInReasoning: Bool { true }
}

/// What a tool-call parser found.
public enum ToolCallEvent: Sendable, Equatable {
    /// Text that belongs to no call.
    case text(String)
    /// A complete call.
    case call(ToolCall)
}

/// A tool call as a model wrote it.
public struct ToolCall: Sendable, Equatable {
    /// The tool's name.
    public let name: String
    /// The JSON text of an object, as Python's `json.dumps` writes it without escaping other scripts.
    public let arguments: String
    /// The text it was read from.
    public let source: String
    /// Whether it ends the reasoning it stands in; otherwise it is a part of that reasoning.
    public let endsReasoning: Bool

    /// A call.
    public init(name: String, arguments: JSONObject, source: String, endsReasoning: Bool = true) {
        self.name = name
        self.arguments = JSONValue.object(arguments).text(.python)
        self.source = source
        self.endsReasoning = endsReasoning
    }
}

/// The formats in which models write tool calls, by vLLM's names.
public enum ToolCallFormat: String, CaseIterable, Sendable {
    /// A JSON object between `<tool_call>` and `</tool_call>`: Qwen2.5, Qwen3, Hermes.
    case hermes
    /// `<function=name>` with `<parameter=name>` blocks: Qwen3-Coder, Qwen3.5.
    case qwen3Coder = "qwen3_coder"
    /// The same as `qwen3_coder`, which newer releases of vLLM call so.
    case qwen3XML = "qwen3_xml"

    /// The format of that name.
    ///
    /// - Throws: ``ReplyParserError``, which lists what there is.
    public init(named name: String) throws(ReplyParserError) {
        guard let format = ToolCallFormat(rawValue: name) else {
            throw .unknownToolCallParser(name, known: Self.allCases.map(\.rawValue))
        }
        self = format
    }

    /// The format that a chat template asks its model for; hermes where it does not say, which most models know.
    public init(chatTemplate source: String) {
        self = source.contains("<function=") ? .qwen3Coder : .hermes
    }

    /// A parser at the start of a reply; the request's tools say what types parameters have.
    public func makeParser(tools: [JSONValue] = []) -> any ToolCallParser {
        switch self {
        case .hermes: HermesToolCallParser()
        case .qwen3Coder, .qwen3XML: QwenToolCallParser(tools: tools)
        }
    }
}

/// Names for tool calls.
public enum ToolCallIdentifier {
    /// `chatcmpl-tool-` and 32 random hexadecimal digits, as vLLM has it.
    @Sendable
    public static func random() -> String {
        var identifier = "chatcmpl-tool-"
        for _ in 0..<2 {
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            identifier += String(repeating: "0", count: 16 - digits.count) + digits
        }
        return identifier
    }
}

/// Finds no calls.
struct PlainTextParser: ToolCallParser {
    mutating func append(_ text: String) -> [ToolCallEvent] { [.text(text)] }
    mutating func finish(truncated: Bool) -> [ToolCallEvent] { [] }
}
