import ArgumentParser
import Companion
import Evaluation
import Foundation
import Locking

/// What is asked of the model, and how.
struct EvaluateOptions: ParsableArguments {
    @Option(help: "Run only scenarios of these gates, such as tool_calling; may be given again.") var gate:
        [QualityGate] = []
    @Option(help: "Draw replies at this temperature; 0 is greedy. May be given again. (default: 0)")
    var temperature: [Double] = []
    @Option(help: "Samples of every scenario at each temperature above 0; each has its own seed.") var samples = 1
    @Option(help: "Tokens one reply may take.") var maxTokens = 200
    @Option(help: "Conversations at a time. Times to the first word mean something only with 1.") var concurrency = 1
    @Option(help: "Seconds one reply may take.") var timeout = 120.0
    @Option(help: "Milliseconds in which the first word must come.") var ttftLimit = 500.0
    @Option(help: "The least rate of a gate, such as tool_calling=0.9, in place of the scenarios' own.")
    var threshold: [GateThreshold] = []
    @Option(help: "The persona's file. (default: Annie)", completion: .file()) var persona: String?

    func validate() throws {
        if samples < 1 { throw ValidationError("--samples must be at least 1.") }
        if maxTokens < 1 { throw ValidationError("--max-tokens must be at least 1.") }
        if concurrency < 1 { throw ValidationError("--concurrency must be at least 1.") }
        if timeout <= 0 { throw ValidationError("--timeout must be more than 0 seconds.") }
        if let bad = temperature.first(where: { !(0...2).contains($0) }) {
            throw ValidationError("--temperature \(bad) is not from 0 to 2.")
        }
    }

    /// The folder of the project's own scenarios, from its root.
    static let defaultScenarios = "Personas/annie/scenarios"

    /// - Parameter paths: Files and folders; none: the project's own.
    func scenarios(_ paths: [String]) throws -> ScenarioSet {
        if paths.isEmpty, !FileManager.default.fileExists(atPath: Self.defaultScenarios) {
            throw ValidationError(
                "There is no \(Self.defaultScenarios) here. Name files or folders of scenarios, or start from the project's folder."
            )
        }
        var set = try ScenarioSet(contentsOf: paths.isEmpty ? [Self.defaultScenarios] : paths)
        if !gate.isEmpty { set = set.only(Set(gate)) }
        for threshold in threshold { set.thresholds[threshold.gate] = threshold.rate }
        guard !set.scenarios.isEmpty else { throw ValidationError("No scenario is left to run.") }
        return set
    }

    /// What a model says that is served at an address, with a line of progress where `name` is given.
    func report(at address: String, _ scenarios: ScenarioSet, progress name: String? = nil) async throws
        -> EvaluationReport
    {
        let chat = try await OpenAIChatModel.connect(url: address, silenceLimit: timeout)
        let evaluation = try run(chat, scenarios, judge: nil)
        guard let name else { return try await evaluation.run() }
        let line = Locked(ProgressLine(name, unit: .items("conversations")))
        let report = try await evaluation.run { done, total in line.withLock { $0.update(done, of: total) } }
        line.withLock { $0.finish() }
        return report
    }

    /// The whole evaluation of a model.
    func run(_ model: any ChatModel, _ scenarios: ScenarioSet, judge: JudgeModel?) throws -> EvaluationRun {
        let persona = try persona.map { try Persona(contentsOf: $0) } ?? .annie
        let temperatures = temperature.isEmpty ? [0] : temperature
        var run = EvaluationRun(
            model: model, persona: persona, scenarios: scenarios,
            samplings: Sampling.all(temperatures: temperatures, samples: samples))
        run.limits.maximumTokens = maxTokens
        run.limits.replySeconds = timeout
        run.limits.concurrency = concurrency
        run.limits.firstTokenSeconds = ttftLimit / 1000
        run.judge = judge
        return run
    }
}

/// `tool_calling=0.9`.
struct GateThreshold: ExpressibleByArgument {
    let gate: QualityGate
    let rate: Double

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let gate = QualityGate(rawValue: String(parts[0])), let rate = Double(parts[1]),
            (0...1).contains(rate)
        else { return nil }
        self.gate = gate
        self.rate = rate
    }
}

extension QualityGate: ExpressibleByArgument {}
