import ArgumentParser
import Foundation
import Speech

/// `annie speech-worker`: the child process in which the models of speech run.
struct SpeechWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speech-worker", abstract: "Run the models of speech for another annie.", shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run() throws { SpeechWorkerMain.run(arguments: arguments) }
}

/// `annie say`: text to sound.
struct SayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "say", abstract: "Speak a text into a WAV file, or to standard output.")

    @Argument(help: "What to say; - reads it from standard input.") var text: String
    @Option(name: .shortAndLong, help: "The WAV file to write; - is standard output.") var output = "annie.wav"
    @Option(help: "A voice from `annie models`.") var voice: String?
    @Option(help: "How fast: 1 is the voice's own pace.") var speed = 1.0

    func validate() throws {
        guard speed >= 0.25, speed <= 4 else { throw ValidationError("--speed must be between 0.25 and 4.") }
    }

    func run() async throws {
        let words = text == "-" ? Self.standardInput : text
        try await SpeechFinder.pull()
        let worker = SpeechWorker(models: SpeechFinder.models)
        defer { worker.shutDown() }
        let wave = try await Saying.speak(words, with: worker, voice: VoiceSettings(name: voice, speed: speed))
        let data = Data(wave.bytes)
        if output == "-" {
            try FileHandle.standardOutput.write(contentsOf: data)
        } else {
            try data.write(to: URL(filePath: output))
            note("\(output): \(String(format: "%.1f", Double(wave.samples.count) / Double(wave.sampleRate))) s")
        }
    }

    private static var standardInput: String {
        String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    }
}

/// `annie hear`: sound to text.
struct HearCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hear", abstract: "Write down what is said in a WAV file.")

    @Argument(help: "A WAV file, of any rate and number of channels.") var file: String
    @Flag(help: "Show, on standard error, what is heard while a sentence goes on.") var partials = false

    func run() async throws {
        let bytes = try Data(contentsOf: URL(filePath: file))
        let wave = try WaveFile(parsing: Array(bytes))
        try await SpeechFinder.pull()
        let worker = SpeechWorker(models: SpeechFinder.models)
        defer { worker.shutDown() }
        var hearing = Hearing(with: worker)
        // A recording is in no hurry, and the model hears better with more around a word.
        hearing.pause = 2
        hearing.partialInterval = partials ? 0.6 : nil
        for try await event in hearing.hear(wave.samplesForHearing) {
            switch event {
            case .partial(let text, _): note("… \(text)")
            case .final(let text, _): if !text.isEmpty { print(text) }
            }
        }
    }
}
