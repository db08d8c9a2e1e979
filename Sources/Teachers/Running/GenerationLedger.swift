import Companion
import JSON
import TrainingData

/// Keeps the books of a run: what is wanted, asked, kept, refused and paid, in memory and in the files.
actor GenerationLedger {
    private let recipe: GenerationRecipe
    private let maker: JobMaker
    private let judging: Judging
    private let files: GenerationFiles
    private let journal: GenerationJournal
    private var collection: GenerationCollection
    private var spending: Spending
    private var nextTicket: Int
    private var unsettled: [GenerationJournal.Unsettled]
    private var inFlight: [Int: GenerationJob] = [:]
    /// Answers in a row that gave nothing.
    private var barren: [TaughtCategory: Int] = [:]
    private var end: GenerationReport.End?
    private let countBefore: Int
    /// Whether there is nothing to go on from, and what a crash had broken.
    let isNew: Bool, removedBytes: Int

    init(_ recipe: GenerationRecipe, persona: Persona, overwrites: Bool) throws {
        self.recipe = recipe
        maker = try JobMaker(recipe, persona: persona)
        judging = try Judging(persona: persona, language: recipe.language, keptOut: recipe.keptOut)
        files = try GenerationFiles(path: recipe.output, overwrites: overwrites)
        var history = GenerationJournal.History()
        journal = try GenerationJournal(
            files.journal, prompt: SystemPrompt.fingerprint(persona: persona, tools: maker.tools), seed: recipe.seed,
            output: recipe.output, history: &history)
        var collection = GenerationCollection(recipe)
        try collection.load(files.samples)
        for (category, reasons) in history.rejected { collection.refuse(reasons, category) }
        self.collection = collection
        spending = history.spending
        nextTicket = history.nextTicket
        unsettled = history.unsettled
        countBefore = collection.count
        isNew = history.isNew
        removedBytes = files.removedBytes
    }

    // MARK: Asking

    /// What to ask next; nil: nothing for now, and for good once nothing is under way any more.
    func next() async throws -> GenerationJob? {
        guard end == nil, let category = mostWanting() else { return nil }
        let job = await maker.job(nextTicket, category, min(recipe.batch, open(category)))
        let expected = (inFlight.values + [job]).map(\.request)
        let limit = spending.limit(
            recipe.budget,
            expecting: (
                expected.reduce(0) { $0 + $1.promptEstimate }, expected.reduce(0) { $0 + $1.maximumTokens }
            ))
        if let limit {
            // Those that are under way may come out cheaper.
            if inFlight.isEmpty { end = .budget(limit) }
            return nil
        }
        nextTicket += 1
        inFlight[job.ticket] = job
        try journal.asked(
            job.ticket, category, count: job.settings.count, promptTokens: job.request.promptEstimate)
        return job
    }

    /// The category of which the largest part is missing.
    private func mostWanting() -> TaughtCategory? {
        let candidates = collection.outcomes.values.filter { open($0.category) > 0 && !isGivenUp($0.category) }
        return candidates.max { left, right in
            let parts = [left, right].map { Double(open($0.category)) / Double($0.wanted) }
            return parts[0] == parts[1] ? left.category > right.category : parts[0] < parts[1]
        }?.category
    }

    /// How many are neither there nor asked for.
    private func open(_ category: TaughtCategory) -> Int {
        let asked = inFlight.values.reduce(0) { $0 + ($1.category == category ? $1.settings.count : 0) }
        return collection.missing(category) - asked
    }

    private func isGivenUp(_ category: TaughtCategory) -> Bool { barren[category, default: 0] >= recipe.patience }

    // MARK: Answers

    /// Tries that gave nothing.
    ///
    /// - Parameters:
    ///   - times: How many of them had to be paid, perhaps.
    ///   - error: What ends the trying; nil: an answer came in the end.
    func failed(_ job: GenerationJob, times: Int, error: TeacherError?) throws {
        guard times > 0 || error != nil else { return }
        var lost = Spending()
        lost.add(
            prompt: job.request.promptEstimate * times, completion: 0, isEstimated: times > 0, prices: recipe.budget)
        try journal.failed(job.ticket, spent: lost, reason: error?.kind ?? "retried", isFinal: error != nil)
        spending.add(lost)
        guard let error else { return }
        inFlight[job.ticket] = nil
        if end == nil { end = error == .cancelled ? .interrupted : .failed(error) }
    }

    /// Writes an answer down, and keeps what is good of it.
    func take(_ reply: TeacherReply, for job: GenerationJob) async throws {
        let told = (
            prompt: TeacherReply.plausible(reply.promptTokens),
            completion: TeacherReply.plausible(reply.completionTokens)
        )
        var spent = Spending()
        spent.add(
            prompt: told.prompt ?? job.request.promptEstimate,
            completion: told.completion ?? TeacherReply.estimate(reply.text),
            isEstimated: told.prompt == nil || told.completion == nil, prices: recipe.budget)
        spent.requests = 1
        try journal.replied(job.ticket, spent: spent, text: reply.text)
        spending.add(spent)
        try await settle(job, reply.text, isRepeated: false)
        inFlight[job.ticket] = nil
    }

    /// Makes something of the answers that an earlier run had paid for and no more.
    func settleOldAnswers() async throws {
        while let answer = unsettled.popLast() {
            let job = await maker.job(answer.ticket, answer.category, answer.count)
            try await settle(job, answer.text, isRepeated: true)
        }
    }

    private func settle(_ job: GenerationJob, _ text: String, isRepeated: Bool) async throws {
        var accepted = 0
        var rejected: [String: Int] = [:]
        for (found, setting) in judging.found(in: text, for: job.settings) {
            let judged = await judging.judged(found, in: setting, as: job.category, examples: job.examples)
            switch judged.flatMap({ sample in
                do throws(Rejection) {
                    return .success(try collection.unlike(sample, job.category, isRepeated: isRepeated))
                } catch { return .failure(error) }
            }) {
            case .success(nil): continue
            case .success(let sample?):
                try files.samples.append(sample.json)
                collection.keep(sample, job.category)
                accepted += 1
            case .failure(let rejection):
                rejected[rejection.reason, default: 0] += 1
                try refuse(rejection, found, job)
            }
        }
        barren[job.category] = accepted > 0 ? 0 : barren[job.category, default: 0] + 1
        collection.refuse(rejected, job.category)
        try journal.settled(job.ticket, accepted: accepted, rejected: rejected)
    }

    private func refuse(
        _ rejection: Rejection, _ found: ScriptReader.Found, _ job: GenerationJob
    ) throws(GenerationError) {
        var object = JSONObject([
            ("category", .string(job.category.rawValue)), ("reason", .string(rejection.reason)),
            ("detail", .string(rejection.detail)), ("ticket", .integer(job.ticket)),
        ])
        if case .success(let script) = found { object["turns"] = script.json["turns"] }
        try files.rejected.append(.object(object))
    }

    // MARK: Reports

    var progress: GenerationProgress {
        let outcomes = collection.outcomes.values
        return GenerationProgress(
            accepted: outcomes.reduce(0) { $0 + min($1.accepted, $1.wanted) },
            wanted: outcomes.reduce(0) { $0 + $1.wanted }, rejected: outcomes.reduce(0) { $0 + $1.rejectedCount },
            acceptedNow: collection.count - countBefore, spending: spending)
    }

    func report(teacher: String, seconds: Double) -> GenerationReport {
        let givenUp = collection.outcomes.keys.filter { isGivenUp($0) && collection.missing($0) > 0 }.sorted()
        let end = collection.isComplete ? .complete : end ?? (givenUp.isEmpty ? .interrupted : .givenUp(givenUp))
        return GenerationReport(
            teacher: teacher, end: end, outcomes: collection.outcomes.values.sorted { $0.category < $1.category },
            statistics: collection.statistics, spending: spending, seconds: seconds)
    }
}
