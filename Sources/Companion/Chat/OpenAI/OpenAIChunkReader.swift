import JSON

/// Turns the chunks of a streamed chat completion into events; calls come when they are whole.
struct OpenAIChunkReader {
    /// What the server reported in the stream's midst.
    struct ServerError: Error { var message: String }

    private struct PartialCall {
        var id = "", name = "", arguments = ""
    }

    private var calls: [Int: PartialCall] = [:]
    private var order: [Int] = []
    private var finishReason: String?
    private var summary = ChatModelSummary(finishReason: "stop")
    private var callCount = 0

    /// Whether the server has said how the reply ended.
    var isFinished: Bool { finishReason != nil }

    /// Takes a chunk in; one that holds nothing known says nothing.
    mutating func read(_ chunk: JSONValue) throws(ServerError) -> [ChatModelEvent] {
        if let error = chunk["error"], !error.isNull {
            throw ServerError(message: error["message"]?.string ?? error.string ?? error.text())
        }
        takeUsage(chunk["usage"])
        var events: [ChatModelEvent] = []
        // A server that does not stream sends whole messages.
        if let choice = chunk["choices"]?[0] {
            let delta = choice["delta"] ?? choice["message"] ?? .null
            if let text = (delta["reasoning_content"] ?? delta["reasoning"])?.string, !text.isEmpty {
                events.append(.reasoning(text))
            }
            if let text = delta["content"]?.string, !text.isEmpty { events.append(.text(text)) }
            for (position, call) in (delta["tool_calls"]?.array ?? []).enumerated() {
                events += take(call, position: position)
            }
            if let reason = choice["finish_reason"]?.string {
                finishReason = reason
                events += wholeCalls()
            }
        }
        return events
    }

    /// Ends the reply.
    mutating func finish() -> [ChatModelEvent] {
        let last = wholeCalls()
        summary.finishReason = finishReason ?? "stop"
        return last + [.finished(summary)]
    }

    private mutating func take(_ piece: JSONValue, position: Int) -> [ChatModelEvent] {
        let index = piece["index"]?.integer ?? position
        let id = piece["id"]?.string ?? ""
        var events: [ChatModelEvent] = []
        // Servers that do not count their calls tell them apart by their ids.
        if let known = calls[index], !id.isEmpty, !known.id.isEmpty, known.id != id { events = wholeCalls() }
        if calls[index] == nil {
            calls[index] = PartialCall()
            order.append(index)
        }
        if !id.isEmpty { calls[index]?.id = id }
        let function = piece["function"] ?? .null
        if let name = function["name"]?.string { calls[index]?.name += name }
        switch function["arguments"] {
        case .string(let text)?: calls[index]?.arguments += text
        case .object(let object)?: calls[index]?.arguments = JSONValue.object(object).text()
        default: break
        }
        return events
    }

    private mutating func wholeCalls() -> [ChatModelEvent] {
        defer { (calls, order) = ([:], []) }
        return order.compactMap { calls[$0] }.filter { !$0.name.isEmpty }.map { call in
            callCount += 1
            return .toolCall(
                ToolCall(
                    id: call.id.isEmpty ? "call_\(callCount)" : call.id, name: call.name,
                    arguments: call.arguments.isEmpty ? "{}" : call.arguments))
        }
    }

    private mutating func takeUsage(_ usage: JSONValue?) {
        guard let usage, !usage.isNull else { return }
        summary.promptTokens = usage["prompt_tokens"]?.integer ?? summary.promptTokens
        summary.completionTokens = usage["completion_tokens"]?.integer ?? summary.completionTokens
        summary.cachedTokens = usage["prompt_tokens_details"]?["cached_tokens"]?.integer ?? summary.cachedTokens
    }
}
