import ArgumentParser
import Companion
import Evaluation
import Foundation
import Locking

/// `annie evaluate`: how well a model keeps its manners.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Put a model through conversations and measure what it keeps of its manners.",
        discussion: """
            Ends with status 1 when a gate misses its threshold or a conversation was not answered. Without --url, the \
            model is served by this program for as long as it is measured.
            """)

    @Argument(
        help: "Files or folders of scenarios. (default: \(EvaluateOptions.defaultScenarios))", completion: .file())
    var scenarios: [String] = []
    @Option(help: "An OpenAI-compatible API, such as http://127.0.0.1:8000/v1.") var url: String?
    @Option(help: "The model's name at the API; without --url, a directory or a name from `annie models`.")
    var model: String?
    @Option(help: "The API's key; ANNIE_EVALUATE_API_KEY is read where it is not given.") var apiKey: String?
    @OptionGroup(title: "What is asked") var options: EvaluateOptions
    @Option(help: "An OpenAI-compatible API of a model that judges as well.") var judgeUrl: String?
    @Option(help: "The judge's name at its API.") var judgeModel: String?
    @Option(help: "The judge's key; ANNIE_JUDGE_API_KEY is read where it is not given.") var judgeKey: String?
    @Option(help: "Measure perplexity on these text files too.", completion: .file()) var text: [String] = []
    @Option(help: "Write everything to this file as JSON, what was said included.", completion: .file())
    var json: String?
    @Option(help: "Write a page with every failing conversation to this file.", completion: .file()) var html: String?
    @OptionGroup var settings: ConfigurationArguments
    @OptionGroup(title: "Engine (without --url)") var engine: EngineArguments
    @OptionGroup(title: "Logs") var logs: LogArguments

    func run() async throws {
        let set = try options.scenarios(scenarios)
        let texts = try text.map { try String(contentsOfFile: $0, encoding: .utf8) }
        let passes: Bool
        if let url {
            passes = try await measure(url, set, texts)
        } else {
            let configuration = try settings.load()
            let name = try configuration.value(OptionTable.model, model)
            let server = LocalServer(
                directory: try await ModelFinder().directory(of: name), name: ModelFinder.publicName(of: name),
                engine: try engine.engineOptions(configuration), logger: try logs.logger(configuration))
            passes = try await server.with { try await measure($0, set, texts) }
        }
        if !passes { throw ExitCode(1) }
    }

    private func measure(_ address: String, _ set: ScenarioSet, _ texts: [String]) async throws -> Bool {
        let environment = ProcessInfo.processInfo.environment
        let key = url == nil ? nil : apiKey ?? environment["ANNIE_EVALUATE_API_KEY"]
        let chat = try await OpenAIChatModel.connect(
            url: address, model: url == nil ? nil : model, key: key, silenceLimit: options.timeout)
        var judge: JudgeModel?
        if let judgeUrl {
            judge = JudgeModel(
                model: try await OpenAIChatModel.connect(
                    url: judgeUrl, model: judgeModel, key: judgeKey ?? environment["ANNIE_JUDGE_API_KEY"]))
        }
        let evaluation = try options.run(chat, set, judge: judge)
        let line = Locked(ProgressLine("evaluate", unit: .items("conversations")))
        let report = try await evaluation.run { done, total in line.withLock { $0.update(done, of: total) } }
        line.withLock { $0.finish() }
        print(report.text)
        // First what took longest: perplexity may fail on a server that tells no log-probabilities.
        try write(report)
        if !texts.isEmpty {
            let endpoint = LogprobEndpoint(url: address, model: chat.name, key: key)
            let perplexity = try await Perplexity.measure(texts, with: endpoint)
            print(
                "perplexity: \(String(format: "%.2f", perplexity.value ?? .nan)) over \(perplexity.tokens) tokens, "
                    + "\(String(format: "%.3f", perplexity.bitsPerByte ?? .nan)) bits per byte")
        }
        return report.passes
    }

    private func write(_ report: EvaluationReport) throws {
        if let json { try (report.json.text(.pretty) + "\n").write(toFile: json, atomically: true, encoding: .utf8) }
        if let html { try report.html.write(toFile: html, atomically: true, encoding: .utf8) }
    }
}
