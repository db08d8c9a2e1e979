import ArgumentParser
import Companion
import Compute
import Foundation
import Locking
import ModelHub
import Teaching
import Tokenization
import TrainingData

/// `annie train`: a model taught from conversations, by a recipe.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Teach a model from conversations, so that what it learned survives four bits.",
        discussion: """
            A recipe is a YAML file; options win over it. Without a recipe, --base, --data and --output say it all. The \
            run's figures and checkpoints lie in OUTPUT.run; Ctrl-C saves, and --resume goes on.
            """)

    @Argument(help: "A recipe, such as Personas/annie/recipe.yaml.", completion: .file()) var recipe: String?
    @Option(help: "The model to teach: a directory, or a name from `annie models`.") var base: String?
    @Option(
        parsing: .upToNextOption, help: "JSONL files of conversations; put the recipe before it.", completion: .file())
    var data: [String] = []
    @Option(name: .shortAndLong, help: "The directory to make.", completion: .directory) var output: String?
    @Option(help: "What changes: full, or lora.") var method: Recipe.Method?
    @Option(help: "What is rounded to NVFP4 meanwhile: none, weight-only, or w4a4.") var rounding: Recipe.Rounding?
    @Option(help: "Times that each conversation is seen.") var epochs: Int?
    @Option(help: "AdamW's largest step.") var learningRate: Double?
    @Option(help: "Tokens in a step.") var batchTokens: Int?
    @Option(help: "The same seed gives the same run.") var seed: UInt64?
    @Flag(help: "Go on from the last checkpoint.") var resume = false
    @Flag(help: "Replace the output directory, or an unfinished run of that name.") var overwrite = false
    @Flag(help: "Say what the run comes to, and stop.") var dryRun = false
    @Flag(help: "Write each event as a line of JSON to standard output.") var json = false
    @Option(help: "Held-out conversations to show replies to, before and after.") var examples = 6
    @Option(help: "Threads that compute.") var threads = ProcessInfo.processInfo.activeProcessorCount

    func run() async throws {
        let recipe = try composed()
        try recipe.check()
        try TeachingRun.requireFree(recipe.output, resumes: resume, overwrites: overwrite || dryRun)
        let finder = ModelFinder()
        let directory = try await finder.directory(of: recipe.base)
        var teacher: URL?
        if let name = recipe.teacher { teacher = try await finder.directory(of: name) }
        let run = try TeachingRun(
            recipe: recipe, base: directory, teacher: teacher, resumes: resume, workers: WorkerPool(threads: threads))
        tell(of: run.lessons.problems)
        note(run.plan.text)
        if dryRun { return }
        let result = try teach(run)
        guard result.end != .interrupted else {
            note("Stopped and saved after step \(result.steps). Go on with the same command and --resume.")
            throw ExitCode(130)
        }
        let tools = BuiltinTools.all(store: try CompanionStore(inMemoryWithClock: { Date() }), search: nil)
        let known = ModelCatalogue.entry(named: recipe.base)?.repository
        try run.export(tools: tools.map(\.definition), baseModel: known, overwrites: overwrite)
        let shown = await replies(of: run, base: directory)
        try run.report(result, examples: shown, baseModel: known)
        // Some gigabytes after a full fine-tuning, and of no use to anybody now.
        run.removeCheckpoints()
        note("Made \(recipe.output); curves and replies are in \(run.folder.appending(path: "report.html").path)")
        for example in shown.prefix(3) {
            note("  \(example.prompt)\n    before: \(example.before)\n    after:  \(example.after)")
        }
    }

    /// The recipe's files, and over them the options.
    func composed() throws -> Recipe {
        var recipe = Recipe(base: "", data: [], output: "")
        if let path = self.recipe { try RecipeFile(contentsOf: path).apply(to: &recipe) }
        if let base { recipe.base = base }
        if !data.isEmpty { recipe.data = data }
        if let output { recipe.output = output }
        if let method { recipe.method = method }
        if let rounding { recipe.rounding = rounding }
        if let epochs { recipe.epochs = epochs }
        if let learningRate { recipe.learningRate = learningRate }
        if let batchTokens { recipe.batchTokens = batchTokens }
        if let seed { recipe.seed = seed }
        for (name, isMissing) in [
            ("base", recipe.base.isEmpty), ("data", recipe.data.isEmpty), ("output", recipe.output.isEmpty),
        ] where isMissing {
            throw ValidationError("'\(name)' is missing: give --\(name), or a recipe that has it")
        }
        return recipe
    }

    private func tell(of problems: [SampleProblem]) {
        for problem in problems.prefix(5) { note("left out, line \(problem)") }
        guard problems.count > 5 else { return }
        note("… and \(problems.count - 5) more are left out; `annie data check FILE --model MODEL` lists them all")
    }

    private func teach(_ run: TeachingRun) throws -> TeachingResult {
        let isStopping = Locked(false)
        let interrupts = Interrupts()
        interrupts.set {
            // A step of a large model takes minutes; who asks twice does not want to wait for it.
            if isStopping.withLock({ wasStopping in
                defer { wasStopping = true }
                return wasStopping
            }) {
                Foundation.exit(130)
            }
            note("Stopping after this step …  (once more: at once, without what came after the last checkpoint)")
        }
        defer { withExtendedLifetime(interrupts) {} }
        var display = TeachingDisplay(plan: run.plan, writesJSON: json)
        return try run.run(shouldStop: { isStopping.withLock { $0 } }) { display.show($0) }
    }

    /// Examples for the report, which is written without them when they fail: the model is made by then.
    private func replies(of run: TeachingRun, base: URL) async -> [TeachingReport.Example] {
        let conversations = Array(run.lessons.examples.prefix(max(0, examples)))
        guard !conversations.isEmpty else { return [] }
        do {
            return try await ReplySamples().examples(
                conversations, before: base, after: URL(filePath: run.recipe.output), template: try run.template())
        } catch {
            note("No replies are shown: \(error)")
            return []
        }
    }
}

extension Recipe.Method: ExpressibleByArgument {}
extension Recipe.Rounding: ExpressibleByArgument {}
