import ArgumentParser
import Checkpoints
import Compute
import Foundation
import Inference
import Models

/// `annie bench`: how fast a model is here, beside what the memory allows.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure prefill, decode, time to first token, load time and memory.",
        discussion: "Compare ratios within a run; figures of different days or machines say little about each other.")

    @Argument(help: "A directory, or a name from `annie models`. (default: \(OptionTable.model.defaultValue ?? ""))")
    var model: String?
    @OptionGroup var settings: ConfigurationArguments
    @OptionGroup(title: "Engine") var engine: EngineArguments
    @Option(help: "Times each figure is measured; the median counts.") var repeats = 3
    @Option(parsing: .upToNextOption, help: "Tokens of the prompts that are read.") var prompts = [16, 64, 512]
    @Option(parsing: .upToNextOption, help: "Tokens before the replies that are written.") var depths = [0, 1024, 4096]
    @Option(help: "Turns of the conversation; 0 leaves it out.") var turns = 20
    @Option(help: "Write the report to this file as JSON.", completion: .file()) var json: String?

    func validate() throws {
        if repeats < 1 { throw ValidationError("--repeats must be at least 1.") }
        guard prompts.allSatisfy({ $0 > 0 }), depths.allSatisfy({ $0 >= 0 }), turns >= 0 else {
            throw ValidationError("--prompts must be positive, --depths and --turns not negative.")
        }
    }

    func run() async throws {
        let configuration = try settings.load()
        let name = try configuration.value(OptionTable.model, model)
        let directory = try await ModelFinder().directory(of: name)
        let options = try engine.engineOptions(configuration)
        let report = try await measure(directory, ModelFinder.publicName(of: name), options)
        print(report.text)
        if let json {
            try (report.json.text(.pretty) + "\n").write(toFile: json, atomically: true, encoding: .utf8)
        }
    }

    private func measure(_ directory: URL, _ name: String, _ options: EngineOptions) async throws -> BenchReport {
        var report = BenchReport()
        report.model = name
        report.threads = options.threads ?? ProcessInfo.processInfo.activeProcessorCount
        var progress = ProgressLine("bench", unit: .items("measurements"))
        report.loadSeconds = Measurement(
            try (0..<repeats).map { _ in try ColdStart.seconds(model: directory.path, threads: report.threads) })
        progress.update(1)
        let engine = try Engine(loading: directory, options: options)
        report.weightBytes = engine.report.weightBytes
        report.formats = engine.report.formats
        report.productsPerToken = engine.report.bodyProducts
        report.weightSeconds = engine.report.seconds
        report.mapsWeights = engine.report.isMapped
        // As long as it takes somebody to begin to type: the engine makes memory ready meanwhile.
        try await Task.sleep(for: .seconds(1))
        try await measureSpeeds(engine, &report, &progress)
        report.peakMemoryBytes = Machine.peakMemoryBytes()
        engine.shutDown()
        report.snapshot = SnapshotTimes(layout: engine.report.stateLayout, repeats: repeats)
        // Last, as its buffers are larger than anything that the model needs.
        measureBandwidth(&report)
        progress.finish("Measured each figure \(repeats) times.")
        return report
    }

    /// Memory is read by as many threads as the model runs on, over buffers of two sizes: one that the largest cache
    /// helps with as much as it helps the weights, and one that it cannot help with.
    private func measureBandwidth(_ report: inout BenchReport) {
        let workers = WorkerPool(threads: report.threads)
        report.bandwidth = Machine.bandwidth(bytes: report.weightBytes, workers: workers)
        report.largeBandwidth = Machine.bandwidth(bytes: 1 << 30, workers: workers)
        report.products = Machine.products(workers: workers)
    }

    private func measureSpeeds(
        _ engine: Engine, _ report: inout BenchReport, _ progress: inout ProgressLine
    ) async throws {
        var benchmark = Benchmark(engine, repeats: repeats)
        let context = engine.model.contextLength
        for tokens in prompts where tokens < context {
            let speed = try await benchmark.prefill(tokens: tokens)
            report.prefill.append(.init(tokens: tokens, tokensPerSecond: speed))
            progress.update(1 + report.prefill.count)
        }
        for depth in depths where depth + 130 < context {
            let speed = try await benchmark.decode(depth: depth)
            // Half of the reply is the mean depth beyond the prompt.
            let bytes = engine.report.bytesPerToken(depth: depth + 64)
            report.decode.append(.init(depth: depth, tokensPerSecond: speed, bytesPerToken: bytes))
            progress.update(1 + report.prefill.count + report.decode.count)
        }
        // The longest turn has 362 tokens and 113 more for each turn before it.
        if turns > 0, context > 362 + 113 * turns {
            report.conversation = try await benchmark.conversation(turns: turns)
        }
    }
}
