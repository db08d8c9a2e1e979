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

    func run() async throws {
        let bytes = try Data(contentsOf: URL(filePath: file))
        let wave = try WaveFile(parsing: Array(bytes))
        try await SpeechFinder.pull()
        let worker = SpeechWorker(models: SpeechFinder.models)
        defer { worker.shutDown() }
        // The recogniser was made for turns of a conversation; longer recordings are cut.
        let samples = wave.samplesForHearing
        var start = 0
        while start < samples.count {
            let end = Self.cut(samples, from: start)
            let text = try await worker.transcribe(Array(samples[start..<end]))
            if !text.isEmpty { print(text) }
            start = end
        }
    }

    /// The quietest moment between 10 and 20 s on.
    private static func cut(_ samples: [Float], from start: Int) -> Int {
        let rate = 16_000, window = rate / 10
        guard samples.count - start > 20 * rate else { return samples.count }
        let candidates = stride(from: start + 10 * rate, to: start + 20 * rate, by: window)
        func loudness(_ at: Int) -> Float { samples[at..<at + window].reduce(0) { $0 + $1 * $1 } }
        let quietest = candidates.min { loudness($0) < loudness($1) } ?? start + 20 * rate
        return quietest + window / 2
    }
}
