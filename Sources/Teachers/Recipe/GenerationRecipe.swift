/// What is to be written, by whom, and what it may cost. A person's YAML file, `annie generate RECIPE`.
public struct GenerationRecipe: Sendable, Equatable {
    /// Whose interface a teacher at an address has.
    public enum Interface: String, Sendable, CaseIterable {
        /// `/v1/chat/completions`.
        case openai
        /// `/v1/messages`.
        case anthropic
    }

    /// Who writes.
    public struct TeacherSettings: Sendable, Equatable {
        /// The address of an API; nil for a command, or for Anthropic's own.
        public var url: String?
        /// Whose API that is.
        public var interface = Interface.openai
        /// The model's name there; nil is the server's first.
        public var model: String?
        /// The environment variable that holds the key; nil is the API's usual one.
        public var keyVariable: String?
        /// A shell command that reads the prompt from its input and writes the reply to its output.
        public var command: String?
        /// Seconds one reply may take.
        public var timeLimit = 300.0
        /// 0 is greedy; nil is the model's own.
        public var temperature: Double? = 0.9
        /// Tokens one reply may take.
        public var replyTokens = 2048
        /// Whether the reply's form is sent as a JSON schema to APIs.
        public var sendsSchema = true

        /// Nobody yet, with the usual limits.
        public init() {}
    }

    /// What may be used up, and what it costs.
    public struct Budget: Sendable, Equatable {
        /// Tokens of prompts and replies together; nil: as many as it takes.
        public var maximumTokens: Int?
        /// The largest cost, in the currency of the prices.
        public var maximumCost: Double?
        /// The price of a million tokens of prompts, and of replies; nil: not known.
        public var inputPrice: Double?, outputPrice: Double?

        /// No limits and no prices.
        public init() {}

        /// What that many tokens cost; nil where the prices are not known.
        public func cost(prompt: Int, completion: Int) -> Double? {
            guard let inputPrice, let outputPrice else { return nil }
            return (Double(prompt) * inputPrice + Double(completion) * outputPrice) / 1e6
        }
    }

    /// The file of conversations to write.
    public var output = ""
    /// The persona whose manners are taught, a file; nil is Annie.
    public var persona: String?
    /// What users and persona speak.
    public var language = "English"
    /// Files and folders of scenarios that the persona is to be judged by, whose words may not be taught.
    public var keptOut: [String] = []
    /// How many conversations of which kind.
    public var counts = TaughtCategory.counts(of: TaughtCategory.allCases.reduce(0) { $0 + $1.usualCount })
    /// Who writes.
    public var teacher = TeacherSettings()
    /// What it may cost.
    public var budget = Budget()
    /// Conversations in one request. Small models manage one.
    public var batch = 4
    /// Requests at a time.
    public var concurrency = 4
    /// Tries of one request before the run ends.
    public var attempts = 6
    /// Requests in a row without a usable conversation after which a category is given up.
    public var patience = 12
    /// From which share of common three-word runs on two conversations are too much alike.
    public var likeness = 0.7
    /// Decides what is drawn: people, moments, subjects, examples.
    public var seed: UInt64 = 1

    /// The usual recipe, without a teacher and a file.
    public init() {}
}
