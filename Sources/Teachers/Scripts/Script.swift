import JSON
import TrainingData

/// A conversation as teachers write it: only what is said and called, without prompts, clocks and the tools' own words.
public struct Script: Sendable, Equatable {
    /// What the user says and what comes of it.
    public struct Turn: Sendable, Equatable {
        /// The user's words.
        public var user: String
        /// What is called before the reply.
        public var calls: [Call]
        /// The companion's words.
        public var reply: String
    }

    /// A call.
    public struct Call: Sendable, Equatable {
        /// Which tool.
        public var tool: String
        /// Its arguments.
        public var arguments: JSONObject
        /// What a search finds; the other tools speak for themselves.
        public var result: String?
    }

    /// In their order.
    public var turns: [Turn]

    /// A conversation of these turns.
    public init(turns: [Turn]) { self.turns = turns }

    /// As teachers are to write it.
    public var json: JSONValue {
        let hasCalls = turns.contains { !$0.calls.isEmpty }
        let turns = turns.map { turn in
            var object = JSONObject([("user", .string(turn.user))])
            if hasCalls { object["calls"] = .array(turn.calls.map(\.json)) }
            object["reply"] = .string(turn.reply)
            return JSONValue.object(object)
        }
        return ["turns": .array(turns)]
    }

    /// What a conversation of ours would look like from a teacher's hand.
    init(_ conversation: TrainingConversation) {
        turns = []
        var names: [String: String] = [:]
        for message in conversation.messages {
            switch message.role {
            case .system: break
            case .user:
                let words = message.content.split(separator: "\n").filter { !$0.hasPrefix("[") }
                turns.append(Turn(user: words.joined(separator: " "), calls: [], reply: ""))
            case .assistant:
                guard !turns.isEmpty else { continue }
                for call in message.toolCalls {
                    names[call.id] = call.name
                    turns[turns.count - 1].calls.append(Call(tool: call.name, arguments: call.arguments))
                }
                if !message.content.isEmpty { turns[turns.count - 1].reply = message.content }
            case .tool:
                guard let last = turns.indices.last, let call = turns[last].calls.indices.last,
                    message.toolCallID.flatMap({ names[$0] }) == "web_search"
                else { continue }
                // Each line of the data is marked with a bar; what stands above them is not data.
                let data = message.content.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { $0.dropFirst(2) }
                turns[last].calls[call].result = data.joined(separator: "\n")
            }
        }
    }
}

extension Script.Call {
    var json: JSONValue {
        var object = JSONObject([("tool", .string(tool)), ("arguments", .object(arguments))])
        if let result { object["result"] = .string(result) }
        return .object(object)
    }
}
