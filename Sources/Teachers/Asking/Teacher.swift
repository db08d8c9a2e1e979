import JSON

/// Whoever writes conversations: a model behind an API, or a program.
public protocol Teacher: Sendable {
    /// Shown in reports.
    var name: String { get }
    /// One reply. Cancelling the task ends it.
    func reply(to request: TeacherRequest) async throws(TeacherError) -> TeacherReply
}

/// What a teacher is asked.
public struct TeacherRequest: Sendable, Equatable {
    /// The part that is the same for all requests of a run, which servers keep in their caches.
    public var instructions: String
    /// What is wanted now.
    public var task: String
    /// The form of the reply, for APIs that can hold a model to it.
    public var schema: JSONValue
    /// Tokens the reply may take.
    public var maximumTokens: Int
    /// 0 is greedy; nil is the model's own.
    public var temperature: Double?
    /// Same seed, same reply, where the API has it.
    public var seed: Int

    /// A request with these parts.
    public init(
        instructions: String, task: String, schema: JSONValue, maximumTokens: Int, temperature: Double? = nil,
        seed: Int = 0
    ) {
        self.instructions = instructions
        self.task = task
        self.schema = schema
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.seed = seed
    }

    /// Tokens of the prompt, estimated from above.
    var promptEstimate: Int { TeacherReply.estimate(instructions) + TeacherReply.estimate(task) + 16 }
}

/// What a teacher wrote.
public struct TeacherReply: Sendable, Equatable {
    /// As it came.
    public var text: String
    /// Tokens, where the API tells.
    public var promptTokens: Int?, completionTokens: Int?

    /// A reply with these parts.
    public init(text: String, promptTokens: Int? = nil, completionTokens: Int? = nil) {
        self.text = text
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    /// The count, if a reply can have so many: what an API tells may be wrong, and sums of it must not overflow.
    static func plausible(_ count: Int?) -> Int? { count.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil } }

    /// About how many tokens a text has: one for three bytes.
    static func estimate(_ text: String) -> Int { (text.utf8.count + 2) / 3 }
}
