import Checkpoints
import Foundation
import ModelHub
import Testing

@Suite("Exporting a complete model as GGUF") struct GGUFExportTests {
    @Test("the tokenizer's metadata come back as they were", arguments: ["llama", "qwen2"])
    func roundTrip(architecture: String) throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/GGUF/tiny_\(architecture).gguf")
        let temporary = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }
        try importGGUF(file: fixture, to: temporary.appending(path: "model"))
        let file = temporary.appending(path: "model.gguf")
        try exportGGUF(directory: temporary.appending(path: "model"), to: file)
        let original = try GGUFFile(contentsOf: fixture).metadata
        let exported = try GGUFFile(contentsOf: file).metadata
        for key in original.keys where key.hasPrefix("tokenizer.") {
            #expect(exported[key] == original[key], "\(key)")
        }
    }

    @Test("a pretokenizer without a name is refused")
    func refusesUnknownPretokenizer() throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/GGUF/tiny_llama.gguf")
        let temporary = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }
        let model = temporary.appending(path: "model")
        try importGGUF(file: fixture, to: model)
        let tokenizer = model.appending(path: "tokenizer.json")
        let text = try String(contentsOf: tokenizer, encoding: .utf8).replacing("\"Digits\"", with: "\"Metaspace\"")
        try Data(text.utf8).write(to: tokenizer)
        let error = #expect(throws: CheckpointError.self) {
            try exportGGUF(directory: model, to: temporary.appending(path: "model.gguf"))
        }
        #expect("\(try #require(error))".contains("llama.cpp has no name for"))
    }
}
