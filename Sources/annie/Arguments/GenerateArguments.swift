import ArgumentParser
import Teachers

/// What conversations a teacher is to write.
struct WantedArguments: ParsableArguments {
    @Option(help: "The persona's file. (default: Annie)", completion: .file()) var persona: String?
    @Option(help: "How many in all, divided among the categories as usual.") var count: Int?
    @Option(help: "How many of a category, such as culture=40, and none of those not named; may be given again.")
    var category: [CategoryCount] = []
    @Option(
        help:
            "Scenarios whose words may not be taught; may be given again. (default: \(EvaluateOptions.defaultScenarios))",
        completion: .file())
    var keepOut: [String] = []
    @Option(help: "Decides whom and what the conversations are about. (default: 1)") var seed: UInt64?

    func apply(to recipe: inout GenerationRecipe) throws {
        if let persona { recipe.persona = persona }
        if let seed { recipe.seed = seed }
        if !keepOut.isEmpty { recipe.keptOut = keepOut }
        if recipe.keptOut.isEmpty {
            recipe.keptOut = ProjectFiles.url(EvaluateOptions.defaultScenarios).map { [$0.path] } ?? []
        }
        if let count {
            guard category.isEmpty else { throw ValidationError("Give --count or --category, not both.") }
            guard (1...1_000_000).contains(count) else { throw ValidationError("--count must be from 1 to 1000000.") }
            recipe.counts = TaughtCategory.counts(of: count)
        }
        guard !category.isEmpty else { return }
        recipe.counts = Dictionary(category.map { ($0.category, $0.count) }) { $1 }
    }
}

/// `culture=40`.
struct CategoryCount: ExpressibleByArgument {
    let category: TaughtCategory
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let category = TaughtCategory(rawValue: String(parts[0])), let count = Int(parts[1]),
            (0...1_000_000).contains(count)
        else { return nil }
        self.category = category
        self.count = count
    }

    static var allValueStrings: [String] { TaughtCategory.allCases.map { "\($0.rawValue)=NUMBER" } }
}

/// Who writes, and how it is asked.
struct TeacherArguments: ParsableArguments {
    @Option(name: .customLong("teacher"), help: "The address of an API, such as http://127.0.0.1:8000/v1.")
    var url: String?
    @Option(help: "Whose API that is: openai, or anthropic. (default: openai)")
    var teacherApi: GenerationRecipe.Interface?
    @Option(help: "The model's name there. (default: the server's first)") var teacherModel: String?
    @Option(
        help: "The environment variable that holds the API's key. (default: ANTHROPIC_API_KEY for anthropic, else none)"
    )
    var keyEnv: String?
    @Option(help: "A command that reads the prompt from its input and writes the reply to its output.")
    var teacherCommand: String?
    @Option(help: "Seconds one reply may take. (default: 300)") var timeout: Double?
    @Option(help: "Tokens one reply may take. (default: 2048)") var replyTokens: Int?
    @Option(help: "How freely replies are drawn; 0 is greedy. (default: 0.9)") var temperature: Double?
    @Option(help: "Conversations in a request; 1 for small models. (default: 4)") var batch: Int?
    @Option(help: "Requests at a time. (default: 4)") var concurrency: Int?
    @Option(help: "Tries of a request before the run ends. (default: 6)") var attempts: Int?

    func validate() throws {
        if let timeout, !(1...86400).contains(timeout) { throw ValidationError("--timeout must be from 1 to 86400.") }
        if let replyTokens, !(64...1 << 20).contains(replyTokens) {
            throw ValidationError("--reply-tokens must be from 64 to \(1 << 20).")
        }
        if let temperature, !(0...2).contains(temperature) {
            throw ValidationError("--temperature must be from 0 to 2.")
        }
        if let batch, !(1...50).contains(batch) { throw ValidationError("--batch must be from 1 to 50.") }
        if let concurrency, !(1...64).contains(concurrency) {
            throw ValidationError("--concurrency must be from 1 to 64.")
        }
        if let attempts, !(1...100).contains(attempts) { throw ValidationError("--attempts must be from 1 to 100.") }
    }

    func apply(to recipe: inout GenerationRecipe) {
        // Who is named on the command line stands in for whom the file names.
        if let url { (recipe.teacher.url, recipe.teacher.command) = (url, nil) }
        if let teacherCommand { (recipe.teacher.command, recipe.teacher.url) = (teacherCommand, url) }
        if let teacherApi { recipe.teacher.interface = teacherApi }
        if let teacherModel { recipe.teacher.model = teacherModel }
        if let keyEnv { recipe.teacher.keyVariable = keyEnv }
        if let timeout { recipe.teacher.timeLimit = timeout }
        if let replyTokens { recipe.teacher.replyTokens = replyTokens }
        if let temperature { recipe.teacher.temperature = temperature }
        if let batch { recipe.batch = batch }
        if let concurrency { recipe.concurrency = concurrency }
        if let attempts { recipe.attempts = attempts }
    }
}

/// What may be used up.
struct BudgetArguments: ParsableArguments {
    @Option(help: "Stop before prompts and replies together pass so many tokens.") var maxTokens: Int?
    @Option(help: "Stop before the cost passes this, in the currency of the prices.") var maxCost: Double?
    @Option(help: "The price of a million tokens of prompts.") var inputPrice: Double?
    @Option(help: "The price of a million tokens of replies.") var outputPrice: Double?

    func validate() throws {
        if let maxTokens, maxTokens < 1 { throw ValidationError("--max-tokens must be at least 1.") }
        for (name, value) in [("--max-cost", maxCost), ("--input-price", inputPrice), ("--output-price", outputPrice)] {
            if let value, !(0...1e9).contains(value) { throw ValidationError("\(name) must be a number from 0.") }
        }
    }

    func apply(to budget: inout GenerationRecipe.Budget) {
        if let maxTokens { budget.maximumTokens = maxTokens }
        if let maxCost { budget.maximumCost = maxCost }
        if let inputPrice { budget.inputPrice = inputPrice }
        if let outputPrice { budget.outputPrice = outputPrice }
    }
}
