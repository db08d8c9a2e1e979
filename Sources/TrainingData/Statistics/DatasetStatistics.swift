import JSON

/// What a dataset consists of, counted one conversation at a time.
public struct DatasetStatistics: Sendable {
    /// Conversations, and documents made of them.
    public private(set) var conversations = 0, documents = 0
    /// Messages by role.
    public private(set) var messages: [String: Int] = [:]
    /// Conversations by category.
    public private(set) var categories: [String: Int] = [:]
    /// Conversations by how many user turns they have.
    public private(set) var turns: [Int: Int] = [:]
    /// Calls by tool, and user turns that are answered without one.
    public private(set) var calls: [String: Int] = [:], turnsWithoutCall = 0
    /// Tokens, those that are learned, and those at the edges that are not.
    public private(set) var tokens = 0, targets = 0, straddling = 0
    /// Documents by length: up to each power of two.
    public private(set) var lengths: [Int: Int] = [:]
    /// The longest document.
    public private(set) var longest = 0
    /// Different system prompts.
    public var systemPrompts: Int { systems.count }
    /// How varied what is learned is.
    public private(set) var variety = Variety()
    private var systems: Set<UInt64> = []

    /// Nothing counted yet.
    public init() {}

    /// Counts a conversation, with its documents where they are known.
    public mutating func add(_ conversation: TrainingConversation, _ documents: [EncodedConversation] = []) {
        conversations += 1
        categories[conversation.category ?? "none", default: 0] += 1
        turns[conversation.turns.count, default: 0] += 1
        for message in conversation.messages {
            messages[message.role.rawValue, default: 0] += 1
            for call in message.toolCalls { calls[call.name, default: 0] += 1 }
            if message.role == .system {
                var hash = StableHash()
                hash.add(message.content)
                systems.insert(hash.value)
            }
        }
        turnsWithoutCall += conversation.turns.count { turn in
            conversation.messages[turn].allSatisfy { $0.toolCalls.isEmpty }
        }
        variety.add(conversation)
        self.documents += documents.count
        for document in documents {
            tokens += document.tokens.count
            targets += document.targetCount
            straddling += document.straddlingTokens
            longest = max(longest, document.tokens.count)
            var bucket = 16
            while bucket < document.tokens.count { bucket *= 2 }
            lengths[bucket, default: 0] += 1
        }
    }

    /// Everything counted, for machines.
    public var json: JSONValue {
        var object = JSONObject()
        object["conversations"] = .integer(conversations)
        object["documents"] = .integer(documents)
        object["system_prompts"] = .integer(systemPrompts)
        object["messages"] = Self.object(messages)
        object["categories"] = Self.object(categories)
        object["user_turns"] = Self.object(turns)
        object["calls"] = Self.object(calls)
        object["turns_without_call"] = .integer(turnsWithoutCall)
        object["tokens"] = .integer(tokens)
        object["learned_tokens"] = .integer(targets)
        object["straddling_tokens"] = .integer(straddling)
        object["longest"] = .integer(longest)
        object["lengths"] = Self.object(lengths)
        object["variety"] = variety.json
        return .object(object)
    }

    private static func object(_ counts: [some Hashable & Comparable & CustomStringConvertible: Int]) -> JSONValue {
        .object(JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key.description, JSONValue.integer($0.value)) }))
    }
}
