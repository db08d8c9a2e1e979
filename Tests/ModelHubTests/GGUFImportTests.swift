import Checkpoints
import Foundation
import JSON
import ModelHub
import Testing
import Tokenization

@Suite("Importing a GGUF file as a complete model") struct GGUFImportTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/GGUF")
    private let directory = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID().uuidString)/model")

    private func withCleanup(_ body: () throws -> Void) rethrows {
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        try body()
    }

    @Test("weights, configuration, tokenizer and template are all there and usable")
    func importsEverything() throws {
        try withCleanup {
            try importGGUF(file: Self.fixtures.appending(path: "tiny_llama.gguf"), to: directory)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            #expect(
                Set(names) == [
                    "model.safetensors", "config.json", "generation_config.json", "tokenizer.json",
                    "tokenizer_config.json", "chat_template.jinja",
                ])
            let tokenizer = try Tokenizer(contentsOf: directory)
            let ids = tokenizer.encode("<|im_start|> the<|im_end|>")
            #expect(ids.first == 1 && ids.last == 2)
            #expect(tokenizer.decode(ids) == "<|im_start|> the<|im_end|>")
            #expect(tokenizer.endOfSequenceToken == "<|im_end|>")
            #expect(try Checkpoint(directory: directory).names.count == 20)
        }
    }

    @Test("a directory that exists is left alone")
    func refusesToReplace() throws {
        try withCleanup {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data().write(to: directory.appending(path: "precious"))
            #expect(throws: CheckpointError.self) {
                try importGGUF(file: Self.fixtures.appending(path: "tiny_llama.gguf"), to: directory)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["precious"])
        }
    }

    @Test("a file that is no model leaves nothing behind")
    func leavesNothing() throws {
        try withCleanup {
            let parent = directory.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            #expect(throws: GGUFError.self) {
                try importGGUF(file: Self.fixtures.appending(path: "blocks.gguf"), to: directory)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == [])
        }
    }
}
