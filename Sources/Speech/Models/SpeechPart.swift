/// A part of the speech models, by its name in the catalogue.
public enum SpeechPart: String, Sendable, CaseIterable {
    /// ONNX Runtime, which runs all of them.
    case library = "speech-library"
    /// Speech to text.
    case recognizer = "moonshine-tiny-en"
    /// Speech or not, every 32 ms.
    case voiceActivity = "silero-vad"
    /// Whether the speaker has finished.
    case endOfTurn = "smart-turn-v3"
    /// Text to speech.
    case voice = "piper-joe"

    /// What a person misses without it.
    public var purpose: String {
        switch self {
        case .library: "speech"
        case .recognizer: "hearing"
        case .voiceActivity: "noticing speech"
        case .endOfTurn: "telling the end of a turn"
        case .voice: "speaking"
        }
    }

    /// Files that a complete directory of this part has.
    public var fileNames: [String] {
        switch self {
        case .library: ["libonnxruntime.so"]
        case .recognizer: ["encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"]
        case .voiceActivity: ["silero_vad.onnx"]
        case .endOfTurn: ["smart-turn-v3.2-cpu.onnx"]
        case .voice: ["en_US-joe-medium.onnx", "en_US-joe-medium.onnx.json"]
        }
    }
}
