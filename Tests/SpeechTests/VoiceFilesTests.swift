import Foundation
import Speech
import Testing

@Suite("A voice's JSON file") struct PiperConfigurationTests {
    private func configuration(_ text: String) throws -> PiperConfiguration {
        try PiperConfiguration(Array(text.utf8))
    }

    private let whole = """
        {"audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"},
         "phoneme_id_map": {"_": [0], "^": [1], "$": [2], "a": [5], "ã": [9], "\\u0303": [7], "b": [6, 8]}}
        """

    @Test("phonemes become numbers, with padding between them")
    func numbers() throws {
        #expect(try configuration(whole).numbers(of: "ab?") == [1, 0, 5, 0, 6, 8, 0, 2])
    }

    @Test("composed phonemes are decomposed first")
    func decomposes() throws {
        #expect(try configuration(whole).numbers(of: "ã") == [1, 0, 5, 0, 7, 0, 2])
    }

    @Test(
        "what cannot be spoken with is refused",
        arguments: [
            "", "[]", "{\"audio\": {\"sample_rate\": 22050}}", "{\"audio\": {\"sample_rate\": 1}}",
            """
            {"audio": {"sample_rate": 22050}, "espeak": {"voice": "en"}, "phoneme_id_map": {"_": [0]}}
            """,
            """
            {"audio": {"sample_rate": 22050}, "num_speakers": 3, "espeak": {"voice": "en"}, "phoneme_id_map": {}}
            """,
        ])
    func refuses(text: String) {
        #expect(throws: SpeechError.self) { try configuration(text) }
    }
}

@Suite("Model files are looked at before a library sees them") struct OnnxGraphTests {
    private func field(_ number: Int, _ payload: Data) -> Data { ProtobufField.encode(payload, number: number) }
    private func text(_ number: Int, _ text: String) -> Data { field(number, Data(text.utf8)) }

    private func node(_ name: String, _ operation: String, _ inputs: [String], _ output: String) -> Data {
        field(1, inputs.reduce(Data()) { $0 + text(1, $1) } + text(2, output) + text(3, name) + text(4, operation))
    }

    /// `x → a → b → y`, where each node has a weight.
    private var model: Data {
        let nodes =
            node("/enc/a", "Add", ["x", "wa"], "ta") + node("/enc/b", "Mul", ["ta", "wb"], "tb")
            + node("/dec/conv_pre/Conv", "Conv", ["tb", "wc"], "y")
        let weights = ["wa", "wb", "wc"].reduce(Data()) { $0 + field(5, text(8, $1)) }
        let graph = nodes + text(2, "g") + weights + field(11, text(1, "x")) + field(12, text(1, "y"))
        return Data([0x08, 8]) + field(7, graph) + field(8, Data([0x10, 15]))
    }

    private func names(_ data: Data, _ number: Int, _ nameNumber: Int) throws -> [String] {
        let graph = try #require(try ProtobufField.all(in: data).first { $0.number == 7 })
        return try ProtobufField.all(in: graph.payload).filter { $0.number == number }.map { field in
            let name = try ProtobufField.all(in: field.payload).first { $0.number == nameNumber }
            return String(decoding: try #require(name).payload, as: UTF8.self)
        }
    }

    @Test("the halves have the nodes, weights, inputs and outputs of their own side")
    func cuts() throws {
        let graph = try OnnxGraph(model)
        let seam = try #require(graph.firstInput(ofNodeNamed: "/dec/conv_pre/", operation: "Conv"))
        #expect(seam == "tb")
        let (first, second) = (try graph.upTo(seam), try graph.from(seam))
        #expect(try names(first, 1, 3) == ["/enc/a", "/enc/b"])
        #expect(try names(first, 5, 8) == ["wa", "wb"])
        #expect(try names(first, 11, 1) == ["x"] && names(first, 12, 1) == ["tb"])
        #expect(try names(second, 1, 3) == ["/dec/conv_pre/Conv"])
        #expect(try names(second, 5, 8) == ["wc"])
        #expect(try names(second, 11, 1) == ["tb"] && names(second, 12, 1) == ["y"])
        #expect(try graph.inputNames() == ["x"])
    }

    @Test("no damage breaks the reader")
    func survivesDamage() {
        var random = SeededRandom(9)
        for _ in 0..<3000 {
            var bytes = model.prefix(Int.random(in: 0...model.count, using: &random))
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let graph = try? OnnxGraph(bytes) else { continue }
            _ = try? graph.upTo("tb")
            _ = try? graph.from("tb")
        }
    }

    @Test("a part that is not here is named with what to run")
    func reportsMissingParts() {
        let models = SpeechModels(directory: URL(filePath: "/nonexistent"))
        #expect(models.missingParts == SpeechPart.allCases)
        #expect("\(SpeechError.missingPart(.recognizer))".contains("annie pull speech"))
    }
}
