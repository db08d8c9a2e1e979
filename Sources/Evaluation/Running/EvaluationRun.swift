import Companion
import Locking

/// Puts a model through scenarios and judges what it says.
public struct EvaluationRun: Sendable {
    /// The model.
    public var model: any ChatModel
    /// Who she is; her tools are the built-in ones that she may use.
    public var persona: Persona
    /// What she is put through.
    public var scenarios: ScenarioSet
    /// How replies are drawn; each scenario is run once with each.
    public var samplings: [Sampling]
    /// How far a conversation may go.
    public var limits = EvaluationLimits()
    /// Asked for a second opinion, if there is one.
    public var judge: JudgeModel?

    /// An evaluation with the usual limits and no judge.
    public init(
        model: any ChatModel, persona: Persona = .annie, scenarios: ScenarioSet, samplings: [Sampling] = [Sampling()]
    ) {
        self.model = model
        self.persona = persona
        self.scenarios = scenarios
        self.samplings = samplings
    }

    /// Runs everything; the results come in the order of scenarios, and within them of samplings.
    ///
    /// A turn that the endpoint fails is not repeated and not judged: it is counted among the failures.
    ///
    /// - Parameter progress: Told of every conversation that has ended, how many that makes, and of how many.
    public func run(progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) async throws -> EvaluationReport {
        let definitions = persona.allowed(try CannedTools.builtinDefinitions())
        let runner = ConversationRunner(model: model, persona: persona, definitions: definitions, limits: limits)
        let jobs = scenarios.scenarios.flatMap { scenario in samplings.map { (scenario, $0) } }
        let samples = try await withThrowingTaskGroup(of: (Int, SampleRecord).self) { group in
            var results = [SampleRecord?](repeating: nil, count: jobs.count)
            var next = 0, done = 0
            func addNext() {
                guard next < jobs.count else { return }
                let (index, job) = (next, jobs[next])
                next += 1
                group.addTask { (index, try await sample(runner, job.0, job.1)) }
            }
            for _ in 0..<max(1, limits.concurrency) { addNext() }
            while let (index, result) = try await group.next() {
                results[index] = result
                done += 1
                progress(done, jobs.count)
                addNext()
            }
            return results.compactMap { $0 }
        }
        return EvaluationReport(
            model: model.name, fingerprint: SystemPrompt.fingerprint(persona: persona, tools: definitions),
            samples: samples, thresholds: scenarios.thresholds, limits: limits)
    }

    private func sample(
        _ runner: ConversationRunner, _ scenario: Scenario, _ sampling: Sampling
    ) async throws -> SampleRecord {
        try Task.checkCancellation()
        let turns = await runner.run(scenario, sampling)
        try Task.checkCancellation()
        var sample = SampleRecord(scenario: scenario, sampling: sampling, turns: turns)
        let prompt = PromptPhrases(persona: persona)
        for (index, record) in turns.enumerated() where record.scriptedReply == nil && record.failure == nil {
            let turn = scenario.turns[index]
            // Every reply with words tells how long one waits for them.
            let speed: [QualityGate] = record.firstText == nil || turn.gates.contains(.firstToken) ? [] : [.firstToken]
            for gate in turn.gates + speed {
                let failure = GateJudge(limits: limits).failure(gate, turn, record)
                sample.verdicts.append(Verdict(turn: index, gate: gate, failure: failure))
            }
            sample.anomalies += Anomaly.find(in: record, turn: turn, number: index, prompt: prompt)
        }
        if let judge { try await judge.review(&sample) }
        return sample
    }
}

/// One scenario run once.
public struct SampleRecord: Sendable {
    /// What was run.
    public var scenario: Scenario
    /// How replies were drawn.
    public var sampling: Sampling
    /// What was said; shorter than the scenario where the endpoint failed.
    public var turns: [TurnRecord]
    /// How the gates judged it.
    public var verdicts: [Verdict] = []
    /// What else was found in it.
    public var anomalies: [Anomaly] = []

    /// Why the endpoint failed it, if it did.
    public var failure: String? { turns.last?.failure }
}

/// How a gate judged a turn.
public struct Verdict: Sendable, Equatable {
    /// The turn, from 0.
    public var turn: Int
    /// The gate.
    public var gate: QualityGate
    /// Why it did not pass; nil: it passed.
    public var failure: String?
    /// What the judge model says, if it was asked and answered.
    public var judgePasses: Bool?

    /// Whether it passed.
    public var passes: Bool { failure == nil }
}
