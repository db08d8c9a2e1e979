import Checkpoints
import Compute
import Foundation
import JSON
import Training
import TrainingData

/// A recipe carried out: the loop of steps, measurements and checkpoints.
///
/// The state of the run lies in `OUTPUT.run`: `checkpoint` to resume from, `metrics.jsonl`, `report.html`.
public final class TeachingRun {
    /// The recipe.
    public let recipe: Recipe
    /// The data as tokens.
    public let lessons: Lessons
    /// What teaches.
    public let trainer: Trainer
    /// What it comes to.
    public private(set) var plan: TeachingPlan
    /// Where the run keeps what it needs to go on.
    public let folder: URL

    /// Each epoch's batches.
    private let epochs: [[PackedBatch]]
    private let measures: [TrainingBatch]
    private var best = Double.infinity
    private var sinceBest = 0
    private var secondsBefore = 0.0
    /// Whether a state with the lowest held-out loss was kept.
    private var hasBest = false
    /// The step after which the last checkpoint was written.
    private var savedStep: Int?
    private var log: TeachingLog

    /// Prepares a run; with `resumes` it goes on from the last checkpoint.
    ///
    /// - Parameter directory: The base checkpoint.
    public init(
        recipe: Recipe, base directory: URL, teacher: URL? = nil, resumes: Bool = false, workers: WorkerPool
    ) throws {
        self.recipe = recipe
        try recipe.check()
        if URL(filePath: recipe.output).resolvingSymlinksInPath().path == directory.resolvingSymlinksInPath().path {
            throw TeachingError.badRecipe(
                "the output \(recipe.output) is the base model; name another directory to make")
        }
        folder = Self.folder(for: recipe.output)
        let lessons = try Lessons(recipe: recipe, directory: directory)
        self.lessons = lessons
        if recipe.patience != nil, lessons.heldOut.isEmpty {
            throw TeachingError.badRecipe(
                "'patience' waits for a lower held-out loss, and no conversation is held out; raise held_out or add data"
            )
        }
        let planner = BatchPlanner(tokenBudget: recipe.batchTokens)
        let epochs = (0..<recipe.epochs).map { planner.batches(lessons.taught, seed: recipe.seed, epoch: $0) }
        self.epochs = epochs
        measures = planner.batches(lessons.heldOut, seed: 0).map { TrainingBatch($0) }
        let steps = epochs.reduce(0) { $0 + $1.count }
        let largest = (epochs.joined().map(\.tokenCount) + measures.map(\.tokenCount)).max() ?? 0
        trainer = try Trainer(
            modelDirectory: directory, options: recipe.trainerOptions(steps: steps, teacher: teacher),
            tokensPerBatch: largest, workers: workers)
        if let token = lessons.largestToken, token >= trainer.vocabularySize {
            throw TeachingError.foreignVocabulary(token: token, size: trainer.vocabularySize)
        }
        if recipe.method == .lora { try Self.requireDistinct(lessons, trainer) }
        plan = TeachingPlan(
            taught: lessons.taught.count, heldOut: lessons.heldOut.count, steps: steps, firstStep: 0,
            tokensPerEpoch: epochs[0].reduce(0) { $0 + $1.tokenCount },
            plainTokensPerEpoch: epochs[0].reduce(0) { $0 + $1.plainTokenCount },
            targetsPerEpoch: epochs[0].reduce(0) { $0 + $1.targetCount },
            memory: trainer.memoryEstimate(tokensPerBatch: largest).totalBytes, problems: lessons.problems.count)
        log = TeachingLog(folder.appending(path: "metrics.jsonl"), goesOn: resumes)
        if resumes { try resume() }
    }

    /// Refuses to teach tokens that look to the model like others.
    private static func requireDistinct(_ lessons: Lessons, _ trainer: Trainer) throws(TeachingError) {
        let added = lessons.tokenizer.allAddedTokens
        let twins = trainer.equalHeadRows(added.map(\.id))
        let learned = Set(lessons.taught.flatMap { zip($0.tokens, $0.lossMask).filter(\.1).map(\.0) })
        let unlearnable = added.filter { learned.contains($0.id) && twins[$0.id] != nil }
        guard !unlearnable.isEmpty else { return }
        // One with a twin is often one of a dozen alike; the first of them is named.
        let others = Set(unlearnable.compactMap { twins[$0.id] })
        throw .indistinguishable(
            unlearnable.map(\.content), from: added.filter { others.contains($0.id) }.map(\.content))
    }

    /// Where the run of an output keeps its state.
    public static func folder(for output: String) -> URL {
        let directory = URL(filePath: output).standardizedFileURL
        return directory.deletingLastPathComponent().appending(path: directory.lastPathComponent + ".run")
    }

    static let checkpointName = "checkpoint"
    private var checkpoint: URL { folder.appending(path: Self.checkpointName) }
    private var bestState: URL { folder.appending(path: "best") }

    /// Removes what only a resumed run would need: some gigabytes after a full fine-tuning.
    public func removeCheckpoints() {
        for state in [checkpoint, bestState] { try? FileManager.default.removeItem(at: state) }
    }

    // MARK: The loop

    /// Teaches until the end, or until `shouldStop` says so after a step; then what was reached is saved.
    ///
    /// - Throws: ``TeachingError/diverged(step:what:checkpoint:)`` when a loss is not a number; the last checkpoint stays.
    public func run(
        shouldStop: () -> Bool = { false }, onEvent: (TeachingEvent) throws -> Void = { _ in }
    ) throws -> TeachingResult {
        do { return try teach(shouldStop, onEvent) } catch TrainingError.notFinite(let step, let what) {
            throw TeachingError.diverged(step: step, what: what, checkpoint: savedStep)
        }
    }

    private func teach(
        _ shouldStop: () -> Bool, _ onEvent: (TeachingEvent) throws -> Void
    ) throws -> TeachingResult {
        let start = ContinuousClock.now
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try log.begin(after: trainer.stepsTaken)
        try onEvent(.began(plan))
        if trainer.stepsTaken == 0 {
            // Else the first held-out loss would be one of inputs rounded by scales that nobody measured.
            if let first = epochs.joined().first { try trainer.calibrate([TrainingBatch(first, loss: recipe.loss)]) }
            try measure(onEvent)
        }
        var end = TeachingEnd.finished
        for batch in Array(epochs.joined()).dropFirst(trainer.stepsTaken) {
            let report = try trainer.step([TrainingBatch(batch, loss: recipe.loss)])
            try log.add(report)
            try onEvent(.step(report))
            let isLast = report.step == plan.steps
            if isLast || report.step % recipe.evaluateEvery == 0 { try measure(onEvent) }
            if let patience = recipe.patience, sinceBest >= patience { end = .stoppedEarly }
            if !isLast, shouldStop() { end = .interrupted }
            let seconds = (ContinuousClock.now - start) / .seconds(1) + secondsBefore
            if end != .finished || isLast || report.step % recipe.saveEvery == 0 {
                try save(seconds: seconds)
                try onEvent(.saved(step: report.step))
            }
            if end != .finished { break }
        }
        let steps = trainer.stepsTaken
        if end != .interrupted, hasBest { try trainer.resume(from: bestState) }
        return TeachingResult(
            end: end, steps: steps, heldOut: log.heldOut, losses: log.losses,
            seconds: (ContinuousClock.now - start) / .seconds(1) + secondsBefore, tokens: log.tokens)
    }

    private func measure(_ onEvent: (TeachingEvent) throws -> Void) throws {
        guard !measures.isEmpty else { return }
        let report = try trainer.evaluate(measures)
        let loss = report.divergence ?? report.crossEntropy
        guard loss.isFinite else {
            throw TrainingError.notFinite(step: trainer.stepsTaken, what: "held-out loss")
        }
        let isBest = loss < best
        best = min(best, loss)
        sinceBest = isBest ? 0 : sinceBest + 1
        if isBest, recipe.patience != nil {
            try trainer.save(to: bestState)
            hasBest = true
        }
        try log.add(report, step: trainer.stepsTaken)
        try onEvent(.evaluated(step: trainer.stepsTaken, report, isBest: isBest))
    }

    // MARK: Checkpoints

    private func save(seconds: Double) throws {
        trainer.bookmark = [
            "steps": .integer(plan.steps), "best": best.isFinite ? .number(best) : nil,
            "since_best": .integer(sinceBest), "seconds": .number(seconds), "batches": .string(batchHash),
            "arithmetic": .string(recipe.arithmetic),
        ]
        try trainer.save(to: checkpoint)
        savedStep = trainer.stepsTaken
    }

    /// All that is taught, in its order.
    private var batchHash: String {
        var hash = ContentHash()
        for batch in epochs.joined() {
            for segment in batch.segments {
                segment.tokens.withUnsafeBytes { hash.add($0) }
                segment.lossMask.withUnsafeBytes { hash.add($0) }
            }
        }
        return hash.text
    }

    private func resume() throws {
        guard FileManager.default.fileExists(atPath: checkpoint.path) else {
            throw TeachingError.nothingToResume(folder.path)
        }
        try trainer.resume(from: checkpoint)
        try requireSameRun(trainer.bookmark)
        savedStep = trainer.stepsTaken
        best = trainer.bookmark["best"]?.double ?? .infinity
        sinceBest = trainer.bookmark["since_best"]?.integer ?? 0
        secondsBefore = trainer.bookmark["seconds"]?.double ?? 0
        hasBest = recipe.patience != nil && FileManager.default.fileExists(atPath: bestState.path)
        plan.firstStep = trainer.stepsTaken
    }

    /// A run may go on with another learning rate, but not over other batches: some would be taught twice, others never, and
    /// with another seed even those that are held out.
    private func requireSameRun(_ bookmark: JSONValue) throws(TeachingError) {
        let place = "the checkpoint in \(folder.path) is of a run"
        guard let steps = bookmark["steps"]?.integer, steps == plan.steps else {
            throw .otherRun(
                "\(place) of \(bookmark["steps"]?.integer ?? 0) steps, and this recipe makes \(plan.steps). Resume with the "
                    + "recipe and data it began with.")
        }
        if let arithmetic = bookmark["arithmetic"]?.string, arithmetic != recipe.arithmetic {
            throw .otherRun(
                "\(place) with \(arithmetic), and this recipe says \(recipe.arithmetic). Resume with what it began with."
            )
        }
        if let hash = bookmark["batches"]?.string, hash != batchHash {
            throw .otherRun(
                "\(place) over other batches: the data, the seed or the template is another. Resume with the recipe and "
                    + "data it began with.")
        }
    }
}

extension TrainingBatch {
    /// A batch of the data as the trainer takes it: every token that is learned counts one.
    ///
    /// For ``Recipe/Loss/allTokens`` the tokens of a shared beginning count as often as conversations go on from it, as if
    /// each had its own; the one token after it is not counted.
    package init(_ batch: PackedBatch, loss: Recipe.Loss = .assistant) {
        var shares = [Float](repeating: 0, count: batch.segments.count)
        for document in batch.documents {
            var next: Int? = document
            while let segment = next {
                shares[segment] += 1
                next = batch.segments[segment].parent
            }
        }
        self.init(
            segments: zip(batch.segments, shares).map { segment, share in
                var weights = segment.lossMask.map { $0 ? Float(1) : 0 }
                if loss == .allTokens {
                    weights = segment.tokens.indices.map { $0 == 0 ? 0 : share }
                }
                return Segment(tokens: segment.tokens, lossWeights: weights, parent: segment.parent)
            })
    }
}

extension Recipe {
    /// What the trainer is told.
    package func trainerOptions(steps: Int, teacher: URL?) -> TrainerOptions {
        var options = TrainerOptions()
        options.optimizer.weightDecay = Float(weightDecay)
        options.optimizer.clipNorm = Float(clip)
        options.schedule.shape = LearningRateSchedule.Shape(rawValue: schedule.rawValue) ?? .cosine
        options.schedule.peak = Float(learningRate)
        options.schedule.totalSteps = steps
        options.schedule.warmupSteps = Int((warmUp * Double(steps)).rounded())
        options.checkpointsActivations = recomputes
        options.seed = seed
        if rounding != .none {
            var quantization = FakeQuantization()
            quantization.method = scales
            quantization.gradient = straightThrough
            quantization.scaleRate = Float(scaleRate)
            quantization.quantizesInputs = rounding == .w4a4
            quantization.exclusions = exclusions
            options.fakeQuantization = quantization
        }
        if method == .lora {
            var lora = LoRAOptions()
            lora.rank = lowRank.rank
            lora.alpha = Float(lowRank.alpha)
            if let targets = lowRank.targets { lora.targets = targets }
            lora.firstLayer = lowRank.firstLayer
            options.lora = lora
        }
        if let distillation {
            var learning = Training.Distillation()
            learning.teacherDirectory = teacher
            learning.weight = Float(distillation.weight)
            options.distillation = learning
        }
        return options
    }
}
