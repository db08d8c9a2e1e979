import JSON

/// The forms in which datasets write conversations.
public enum SampleForm: String, Sendable, CaseIterable {
    /// OpenAI's: `messages`, with `tools` beside them.
    case messages
    /// ShareGPT's: `conversations` of `from` and `value`.
    case shareGPT
    /// A `prompt` and its `response` or `completion`; or an `instruction`, perhaps with `input`, and its `output`.
    case pair

    /// The form of a sample, by its fields.
    static func of(_ object: JSONObject) -> SampleForm? {
        if object["messages"] != nil { return .messages }
        if object["conversations"] != nil || object["conversation"] != nil { return .shareGPT }
        return PairReader.fields(of: object) == nil ? nil : .pair
    }
}

/// A prompt and what is to be answered, as older datasets have them.
enum PairReader {
    private static let names = [
        ("prompt", "response"), ("prompt", "completion"), ("prompt", "answer"), ("question", "answer"),
        ("instruction", "output"), ("instruction", "response"), ("input", "output"),
    ]

    static func fields(of object: JSONObject) -> (prompt: String, reply: String)? {
        names.first { object[$0.0] != nil && object[$0.1] != nil }.map { (prompt: $0.0, reply: $0.1) }
    }

    static func messages(_ object: JSONObject, line: Int) throws(SampleProblem) -> [TrainingMessage] {
        guard let fields = fields(of: object) else {
            throw SampleProblem(line: line, .unknownForm, "there is no prompt with its response")
        }
        guard var prompt = object[fields.prompt]?.string, let reply = object[fields.reply]?.string else {
            throw SampleProblem(line: line, .wrongField, "\(fields.prompt) and \(fields.reply) must both be text")
        }
        if fields.prompt == "instruction", let input = object["input"]?.string, !input.isEmpty {
            prompt += "\n\n" + input
        }
        var messages: [TrainingMessage] = []
        if let system = object["system"]?.string, !system.isEmpty { messages.append(TrainingMessage(.system, system)) }
        return messages + [TrainingMessage(.user, prompt), TrainingMessage(.assistant, reply)]
    }
}

/// ShareGPT's turns: who speaks is in `from`, and calls and results are JSON text.
enum ShareGPTReader {
    private static let roles: [String: TrainingMessage.Role] = [
        "system": .system, "human": .user, "user": .user, "gpt": .assistant, "assistant": .assistant,
        "chatgpt": .assistant, "model": .assistant, "bot": .assistant, "function_call": .assistant,
        "observation": .tool, "tool": .tool, "function_response": .tool,
    ]

    static func messages(_ object: JSONObject, line: Int) throws(SampleProblem) -> [TrainingMessage] {
        guard let turns = (object["conversations"] ?? object["conversation"])?.array else {
            throw SampleProblem(line: line, .wrongField, "conversations must be a list of turns")
        }
        var messages: [TrainingMessage] = []
        if let system = object["system"]?.string, !system.isEmpty { messages.append(TrainingMessage(.system, system)) }
        for (index, turn) in turns.enumerated() {
            let place = "conversations[\(index)]"
            guard let from = turn["from"]?.string, let value = turn["value"]?.string else {
                throw SampleProblem(line: line, .wrongField, "\(place) must have from and value, both text")
            }
            guard let role = roles[from] else {
                throw SampleProblem(
                    line: line, .wrongRole, "\(place).from is '\(from)'; expected human, gpt, system or a tool's role")
            }
            switch from {
            case "function_call":
                let call = try call(value, id: "call_\(index)", place: place, line: line)
                messages.append(TrainingMessage(.assistant, "", toolCalls: [call]))
            default:
                let answered = role == .tool ? messages.last?.toolCalls.first?.id : nil
                messages.append(TrainingMessage(role, value, toolCallID: answered))
            }
        }
        return messages
    }

    private static func call(
        _ text: String, id: String, place: String, line: Int
    ) throws(SampleProblem) -> TrainingToolCall {
        guard let value = try? JSONValue(parsing: text), let name = value["name"]?.string, !name.isEmpty else {
            throw SampleProblem(line: line, .wrongToolCall, "\(place).value must be JSON with the name of a tool")
        }
        let arguments = try ToolCallReader.arguments(value["arguments"], place: "\(place).arguments", line: line)
        return TrainingToolCall(id: id, name: name, arguments: arguments)
    }
}
