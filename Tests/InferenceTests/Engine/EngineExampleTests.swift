import Foundation
import Inference
import Testing

@Suite struct EngineExampleTests {
    /// The lines of the example in ``Engine``'s documentation, compiled.
    private func example(_ directory: URL) async throws {
        let engine = try Engine(loading: directory)
        guard let tokenizer = engine.model.tokenizer else { return }
        let request = GenerationRequest(
            id: "1", prompt: tokenizer.encode("Once upon a time"), stop: StopConditions(maximumTokens: 64))
        for try await case .token(let token) in try engine.generate(request) {
            print(token.text, terminator: "")
        }
    }

    @Test func theDocumentedExampleIsTheOneThatCompiles() throws {
        func code(_ text: String, from start: String, to end: String) -> [String] {
            let lines = text.split(separator: "\n").map {
                $0.trimmingCharacters(in: .whitespaces).replacing("///", with: "").trimmingCharacters(in: .whitespaces)
            }
            guard let first = lines.firstIndex(where: { $0.hasPrefix(start) }) else { return [] }
            return Array(lines[first...].prefix { $0 != end })
        }
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let documented = code(
            try String(contentsOf: sources.appending(path: "Sources/Inference/Engine/Engine.swift"), encoding: .utf8),
            from: "guard let tokenizer", to: "```")
        let compiled = code(
            try String(contentsOf: URL(filePath: #filePath), encoding: .utf8), from: "guard let tokenizer", to: "")
        #expect(documented.count == 6)
        #expect(Array(compiled.prefix(6)) == documented)
    }

    @Test func theExampleRunsOnAModelWithoutATokenizer() async throws {
        try await example(TinyModel.fixtures.appending(path: "llama_tiny"))
    }
}
