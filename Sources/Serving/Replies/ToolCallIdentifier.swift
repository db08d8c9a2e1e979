/// Names of tool calls, in vLLM's form.
enum ToolCallIdentifier {
    static func random() -> String { "chatcmpl-tool-" + RequestIdentifier.random() }
}
