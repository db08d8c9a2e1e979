import Companion
import Inference
import JSON
import Serving

/// The engine of this package as the companion's model.
public struct EngineChatModel: ChatModel {
    /// The name the server answers to.
    public let name: String
    private let slot: ModelSlot
    private let options: ServerOptions
    private let chat: ChatRunner

    /// The model in the slot, which may still be loading: until it is there, replies fail with a reason.
    ///
    /// - Parameter options: How prompts are rendered and replies read; tool calls are always looked for.
    public init(slot: ModelSlot, options: ServerOptions) {
        var options = options
        options.chat.enablesAutoToolChoice = true
        options.chat.toolCallParser = options.chat.toolCallParser ?? ChatOptions.automaticParser
        self.slot = slot
        self.options = options
        name = options.servedModelNames.first ?? "model"
        chat = ChatRunner(slot: slot, options: options)
    }

    /// Tokens of prompt and reply together; 0 while the model is loading.
    public var contextLength: Int { served?.contextLength ?? 0 }

    /// See `ChatModel`.
    public func reply(to prompt: ChatPrompt) -> AsyncThrowingStream<ChatModelEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    var calls = CallAssembly()
                    for try await event in try chat.stream(body(prompt)) {
                        for event in calls.take(event) { continuation.yield(event) }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Reads the prompt into the prefix cache, where the next prompt that begins with it finds it.
    public func prepare(_ prompt: ChatPrompt) async {
        var prompt = prompt
        prompt.maximumTokens = 1
        prompt.temperature = 0
        // Nobody waits for what comes of it, and the reply will say what is wrong.
        guard let events = try? chat.stream(body(prompt)) else { return }
        do { for try await _ in events {} } catch {}
    }

    /// Exact: the prompt is rendered and tokenised.
    public func tokenCount(of prompt: ChatPrompt) async throws -> Int { try chat.promptTokens(of: body(prompt)).count }

    private var served: ServedModel? {
        guard case .ready(let generator) = slot.state else { return nil }
        return generator.model
    }

    private var knowsTools: Bool {
        (options.chat.template ?? served?.chatTemplate)?.source.contains("tools") ?? false
    }

    private func body(_ prompt: ChatPrompt) -> JSONObject {
        let messages = knowsTools ? prompt.messages : ToolFreeMessages.messages(prompt.messages)
        var body = JSONObject([("messages", .array(messages.map(\.json)))])
        if knowsTools, !prompt.tools.isEmpty { body["tools"] = .array(prompt.tools.map(\.json)) }
        if !prompt.asksForReply { body["add_generation_prompt"] = false }
        // What is spoken has one paragraph; a small model that begins another has lost its thread. Thoughts may have more.
        let parsers = served.map(options.chat.resolved) ?? options.chat
        if parsers.reasoningParser == nil { body["stop"] = ["\n\n"] }
        if let maximum = prompt.maximumTokens { body["max_tokens"] = .integer(maximum) }
        if let temperature = prompt.temperature { body["temperature"] = .number(temperature) }
        if let seed = prompt.seed { body["seed"] = .integer(Int(truncatingIfNeeded: seed & 0x7FFF_FFFF)) }
        return body
    }
}

/// A model's calls, whole: the engine tells them in parts.
private struct CallAssembly {
    private var calls: [Companion.ToolCall] = []

    mutating func take(_ event: ChatRunner.Event) -> [ChatModelEvent] {
        switch event {
        case .delta(.content(let text)): return [.text(text)]
        case .delta(.reasoning(let text)): return [.reasoning(text)]
        case .delta(.toolCallStart(_, let id, let name)):
            calls.append(Companion.ToolCall(id: id, name: name, arguments: ""))
            return []
        case .delta(.toolCallArguments(let index, let text)):
            if calls.indices.contains(index) { calls[index].arguments += text }
            return []
        case .finished(let reason, let summary):
            let end = ChatModelSummary(
                finishReason: reason, promptTokens: summary.promptTokens, cachedTokens: summary.cachedTokens,
                completionTokens: summary.completionTokens)
            return calls.map { ChatModelEvent.toolCall($0) } + [.finished(end)]
        }
    }
}

/// A conversation for a model whose template knows no tools: what tools said stands with the user's words.
enum ToolFreeMessages {
    static func messages(_ messages: [ChatMessage]) -> [ChatMessage] {
        var names: [String: String] = [:]
        var plain: [ChatMessage] = []
        for message in messages {
            for call in message.toolCalls { names[call.id] = call.name }
            switch message.role {
            case .tool:
                let name = message.toolCallID.flatMap { names[$0] } ?? "tool"
                let note = "[\(name): \(message.content)]"
                if let last = plain.indices.last, plain[last].role == .user {
                    plain[last].content += "\n\n" + note
                } else {
                    plain.append(ChatMessage(.user, note))
                }
            case .assistant where !message.toolCalls.isEmpty && message.content.isEmpty: break
            case .assistant: plain.append(ChatMessage(.assistant, message.content))
            case .system, .user: plain.append(message)
            }
        }
        return plain
    }
}
