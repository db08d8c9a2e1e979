import Companion
import Foundation

/// Has a teacher write conversations until a recipe is fulfilled, and keeps those that are good.
///
/// ```swift
/// let run = try GenerationRun(recipe: recipe, teacher: teacher)
/// let report = try await run.run { print($0.accepted, "of", $0.wanted) }
/// ```
public struct GenerationRun: Sendable {
    private let recipe: GenerationRecipe
    private let teacher: any Teacher
    private let ledger: GenerationLedger
    private var persistence: Persistence

    /// A run that goes on from what lies in the recipe's output, if it was begun by such a run.
    ///
    /// - Parameters:
    ///   - persona: Whose manners are taught; nil reads the recipe's.
    ///   - overwrites: Whether what is there is thrown away.
    /// - Throws: ``GenerationError``, or `PersonaFileError`.
    public init(
        recipe: GenerationRecipe, teacher: any Teacher, persona: Persona? = nil, overwrites: Bool = false
    ) throws {
        try recipe.validate()
        self.recipe = recipe
        self.teacher = teacher
        let own = try recipe.persona.map { try Persona(contentsOf: $0) } ?? .annie
        ledger = try GenerationLedger(recipe, persona: persona ?? own, overwrites: overwrites)
        persistence = Persistence(attempts: recipe.attempts)
    }

    /// Whether nothing was there to go on from.
    public var isNew: Bool { ledger.isNew }
    /// Bytes of unfinished lines that an earlier run left, and that were removed.
    public var removedBytes: Int { ledger.removedBytes }
    /// How far earlier runs came.
    public var begun: GenerationProgress { get async { await ledger.progress } }

    /// Waits between tries in another way than by the clock, for tests.
    package mutating func sleep(_ sleep: @escaping @Sendable (Double) async throws -> Void) {
        persistence.sleep = sleep
    }

    /// Writes until all is there, the budget is used up, the teacher fails for good, or it is stopped.
    ///
    /// - Parameters:
    ///   - isStopping: Whether to send no more requests; those that are on their way are waited for. Cancelling the task
    ///     ends them too.
    ///   - onRetry: Told of a failure that is tried again, and in how many seconds.
    ///   - progress: Told of every answer.
    /// - Throws: ``GenerationError`` where the files cannot be written. What the teacher fails in is the report's.
    public func run(
        isStopping: @escaping @Sendable () -> Bool = { false },
        onRetry: @escaping @Sendable (TeacherError, Double) -> Void = { _, _ in },
        progress: @escaping @Sendable (GenerationProgress) -> Void = { _ in }
    ) async throws -> GenerationReport {
        let began = ProcessInfo.processInfo.systemUptime
        var persistence = persistence
        persistence.isStopping = isStopping
        persistence.onRetry = onRetry
        try await ledger.settleOldAnswers()
        progress(await ledger.progress)
        try await withThrowingTaskGroup(of: Void.self) { [ledger, teacher, recipe, persistence] group in
            var running = 0
            while true {
                while running < recipe.concurrency, !isStopping(), !Task.isCancelled, let job = try await ledger.next()
                {
                    running += 1
                    group.addTask { try await Self.ask(teacher, job, ledger, persistence) }
                }
                guard running > 0 else { return }
                try await group.next()
                running -= 1
                progress(await ledger.progress)
            }
        }
        return await ledger.report(
            teacher: teacher.name, seconds: ProcessInfo.processInfo.systemUptime - began)
    }

    private static func ask(
        _ teacher: any Teacher, _ job: GenerationJob, _ ledger: GenerationLedger, _ persistence: Persistence
    ) async throws {
        let answer = await persistence.reply(of: teacher, to: job.request)
        switch answer.result {
        case .success(let reply):
            try await ledger.failed(job, times: answer.wasted, error: nil)
            try await ledger.take(reply, for: job)
        case .failure(let error): try await ledger.failed(job, times: answer.wasted, error: error)
        }
    }
}

extension GenerationRecipe {
    /// - Throws: ``GenerationError`` where something is missing.
    func validate() throws(GenerationError) {
        guard counts.values.contains(where: { $0 > 0 }) else { throw .nothingWanted }
        guard !output.isEmpty else { throw .file(path: "the output", reason: "no file is named; give --output") }
        if budget.maximumCost != nil, budget.inputPrice == nil || budget.outputPrice == nil { throw .missingPrices }
    }
}
