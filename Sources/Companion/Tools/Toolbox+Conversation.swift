extension Toolbox: ToolRunning {
    /// Runs a call of a conversation; what the model reads is plainly data, whatever the tool said.
    public func run(_ call: ToolCall, context: ToolRunContext) async -> ToolResult {
        let outcome = await run(call, context: ToolContext(session: context.session))
        return ToolResult(text: outcome.message.content, isError: outcome.isError, summary: outcome.summary)
    }
}
