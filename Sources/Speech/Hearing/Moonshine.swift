import Foundation

/// Moonshine: speech to text, a whole stretch of speech at a time.
///
/// Source: "Moonshine: Speech Recognition for Live Transcription and Voice Commands", Jeffries et al. 2024.
final class Moonshine: SpeechRecognizing {
    private let encoder: OnnxSession
    private let decoder: MoonshineDecoder
    private let vocabulary: MoonshineVocabulary
    private var drafts = DraftMemory()

    /// Longer speech is cut at its quietest places; the model was trained on less, and its memory grows with length.
    private static let maximumCount = 25 * 16_000
    /// Less than a tenth of a second is no speech, and the model's convolutions would run out of it.
    private static let minimumCount = 1600

    init(_ models: SpeechModels, runtime: OnnxRuntime) throws(SpeechError) {
        func load(_ name: String) throws(SpeechError) -> OnnxSession {
            let data = try ModelFile.read(try models.file(name, of: .recognizer), of: .recognizer)
            return try ModelFile.load(data, of: .recognizer, runtime: runtime)
        }
        guard let bytes = try? Data(contentsOf: try models.file("tokenizer.bin", of: .recognizer)) else {
            throw .missingPart(.recognizer)
        }
        vocabulary = try MoonshineVocabulary([UInt8](bytes))
        encoder = try load("encoder_model.ort")
        try encoder.require(
            inputs: ["input_values", "attention_mask"], outputs: ["last_hidden_state"], part: .recognizer)
        decoder = try MoonshineDecoder(try load("decoder_model_merged.ort"))
    }

    func transcribe(_ samples: [Float], isCancelled: () -> Bool) throws(SpeechError) -> String {
        var texts: [String] = []
        for piece in QuietCut.pieces(of: samples, maximumCount: Self.maximumCount) {
            if isCancelled() { break }
            let tokens = try tokens(Array(piece), isCancelled)
            let text = vocabulary.text(tokens)
            if !text.isEmpty { texts.append(text) }
        }
        return texts.joined(separator: " ")
    }

    private func tokens(_ samples: [Float], _ isCancelled: () -> Bool) throws(SpeechError) -> [Int64] {
        guard samples.count >= Self.minimumCount else { return [] }
        let runtime = encoder.runtime
        let mask = try Tensor(
            repeatElement(Int64(1), count: samples.count), shape: [1, samples.count], of: runtime)
        let input = try Tensor(samples, shape: [1, samples.count], of: runtime)
        let hidden = try encoder.run(encoder.inputNames.map { $0 == "input_values" ? input : mask })[0]
        // Six and a half tokens a second is faster than anybody speaks: beyond, the model repeats itself.
        let limit = Int((Double(samples.count) / 16_000 * 6.5).rounded(.up)) + 2
        let tokens = try decoder.decode(
            hidden, mask: mask, draft: drafts.draft(for: samples), limit: limit, isCancelled)
        if !isCancelled() { drafts.remember(samples, tokens) }
        return tokens
    }
}
