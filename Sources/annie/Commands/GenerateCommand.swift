import ArgumentParser
import Companion
import Foundation
import Locking
import Teachers

/// `annie generate`: training conversations written by another model.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Have a teacher write conversations that teach a persona's manners.",
        discussion: """
            The teacher is any OpenAI-compatible API (--teacher), Anthropic's (--teacher-api anthropic), or a program that \
            reads the prompt and writes the reply (--teacher-command "claude -p"). Every conversation is checked by the \
            rules that the persona will be judged by; what is refused lies beside FILE with the reason. The same command \
            goes on where it ended, however it ended, and pays nothing twice. `annie data generate` needs no teacher.
            """)

    @Argument(help: "A recipe in YAML; options win over it.", completion: .file()) var recipe: String?
    @Option(name: .shortAndLong, help: "The JSONL file to write, or to go on with.", completion: .file())
    var output: String?
    @OptionGroup(title: "What is written") var wanted: WantedArguments
    @OptionGroup(title: "Who writes") var teacher: TeacherArguments
    @OptionGroup(title: "What it may cost") var budget: BudgetArguments
    @Flag(help: "Throw away what FILE and the files beside it hold.") var overwrite = false
    @Flag(help: "Write the report as JSON.") var json = false
    @Option(help: "Print what the teacher would be asked for this category, and stop.")
    var showPrompt: TaughtCategory?

    func run() async throws {
        let recipe = try composed()
        if let category = showPrompt {
            let persona = try recipe.persona.map { try Persona(contentsOf: $0) } ?? .annie
            let request = await (try JobMaker(recipe, persona: persona)).preview(category)
            return show(request.instructions + "\n\n" + request.task + "\n\n" + request.schema.text(.pretty) + "\n")
        }
        guard !recipe.output.isEmpty else { throw ValidationError("'output' is missing: give --output FILE.") }
        let generation: GenerationRun
        do {
            let teacher = try await recipe.teacher.teacher()
            generation = try GenerationRun(recipe: recipe, teacher: teacher, overwrites: overwrite)
        } catch let error as GenerationError { throw ValidationError(error.description) }
        let report = try await supervised(generation)
        show((json ? report.json.text(.pretty) : report.terminalText) + "\n")
        if let reason = report.endReason {
            let left = report.wanted - report.accepted
            note("Ended with \(left) conversations missing: \(reason). The same command goes on from here.")
            throw ExitCode(report.end == .interrupted ? 130 : 1)
        }
    }

    /// The recipe's file, and over it the options.
    func composed() throws -> GenerationRecipe {
        var recipe = try self.recipe.map { try GenerationRecipe(contentsOf: $0) } ?? GenerationRecipe()
        if let output { recipe.output = output }
        try wanted.apply(to: &recipe)
        teacher.apply(to: &recipe)
        budget.apply(to: &recipe.budget)
        return recipe
    }

    /// Runs it with a line of progress; Ctrl-C waits for what is under way, and a second one does not.
    private func supervised(_ generation: GenerationRun) async throws -> GenerationReport {
        let begun = await generation.begun
        if generation.removedBytes > 0 {
            note("Removed \(generation.removedBytes) bytes that a crash had left unfinished.")
        }
        if !generation.isNew {
            note("Going on: \(begun.accepted) of \(begun.wanted) are there, \(begun.spending.text) used.")
        }
        let line = Locked(ProgressLine("Writing", unit: .items("conversations"), from: begun.accepted))
        let isStopping = Locked(false)
        let task = Task {
            try await generation.run(isStopping: { isStopping.withLock { $0 } }) { error, seconds in
                note("\(error); trying again in \(String(format: "%.0f", seconds)) s")
            } progress: { progress in
                let remark = "\(progress.rejected) rejected  \(progress.spending.text)"
                line.withLock { $0.update(progress.accepted, of: progress.wanted, remark: remark) }
            }
        }
        let interrupts = Interrupts()
        interrupts.set {
            let wasStopping = isStopping.withLock { state in
                defer { state = true }
                return state
            }
            if wasStopping { return task.cancel() }
            note("Waiting for what is under way; Ctrl-C again to leave it …")
        }
        defer { withExtendedLifetime(interrupts) {} }
        let report = try await task.value
        line.withLock { $0.finish() }
        return report
    }
}

extension TaughtCategory: ExpressibleByArgument {}
extension GenerationRecipe.Interface: ExpressibleByArgument {}
