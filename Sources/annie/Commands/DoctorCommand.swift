import ArgumentParser
import Companion
import Foundation
import ModelHub
import Speech

/// `annie doctor`: what she needs, whether it is there, and what to do where it is not.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check models, libraries, ports and files; say what to do.")

    @OptionGroup var settings: ConfigurationArguments
    @OptionGroup(title: "Server") var server: ServerArguments

    func run() async throws {
        let configuration = try settings.load()
        var checkup = Checkup()
        checkModel(configuration, &checkup)
        await checkSpeech(&checkup)
        checkPort(configuration, &checkup)
        checkMemory(configuration, &checkup)
        checkup.tell()
        if checkup.hasFailed { throw ExitCode.failure }
    }

    /// Findings, told one a line.
    struct Checkup {
        private var lines: [(isGood: Bool, text: String)] = []
        var hasFailed: Bool { lines.contains { !$0.isGood } }

        mutating func good(_ text: String) { lines.append((true, text)) }
        mutating func bad(_ text: String, do remedy: String) { lines.append((false, "\(text)\n       → \(remedy)")) }

        func tell() {
            let style = Style()
            for line in lines { print("\(line.isGood ? "  ok  " : style.bold("  no  ")) \(line.text)") }
        }
    }

    private func checkModel(_ configuration: Configuration, _ checkup: inout Checkup) {
        let name = (try? ModelFinder.companionName(configuration, model: nil, persona: nil)) ?? ""
        if ModelFinder().isHere(name) {
            checkup.good("language model \(name)")
        } else {
            checkup.bad("language model \(name) is not here", do: "./annie up, which fetches it")
        }
    }

    private func checkSpeech(_ checkup: inout Checkup) async {
        let models = SpeechFinder.models
        for part in models.missingParts {
            checkup.bad("\(part.purpose): \(part.rawValue) is not here", do: VoiceReport.command)
        }
        guard models.missingParts.isEmpty else { return }
        // The files are there; whether they work only the worker knows.
        let worker = SpeechWorker(models: models)
        defer { worker.shutDown() }
        do {
            let unusable = try await worker.unusableParts()
            for (part, error) in unusable { checkup.bad("\(part.purpose): \(error)", do: VoiceReport.command) }
            if unusable.isEmpty { checkup.good("hearing and speaking") }
        } catch {
            checkup.bad("the speech worker does not answer: \(error)", do: "./annie up --no-voice works without")
        }
    }

    private func checkPort(_ configuration: Configuration, _ checkup: inout Checkup) {
        do {
            let host = try configuration.value(OptionTable.host, server.host)
            let port = try freePort(host: host, port: try configuration.value(OptionTable.port, server.port))
            checkup.good("port \(port) on \(host) is free")
            if isLoopback(host) {
                checkup.good("the microphone works at http://127.0.0.1 and http://localhost on this machine")
            } else {
                checkup.good(
                    "from other machines the microphone needs HTTPS: `annie up` makes a certificate of its own")
            }
        } catch {
            checkup.bad("\(error)", do: "stop what uses it, or choose another with --port")
        }
    }

    private func checkMemory(_ configuration: Configuration, _ checkup: inout Checkup) {
        do {
            let path = try configuration.optional(OptionTable.data) ?? CompanionStore.defaultPath()
            let store = try CompanionStore(path: path)
            checkup.good("memory in \(path), \(try store.facts(limit: .max).count) facts")
        } catch {
            checkup.bad("\(error)", do: "choose another file with --data")
        }
    }
}
