import Compute
import Foundation
import JSON
import Teaching
import Testing
import Tokenization

@Suite struct SpelledOutTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "annie-spell-\(UUID().uuidString)")

    /// A lesson for a base whose two added tokens have one row in the head.
    private func recipe() throws -> (Recipe, URL) {
        var (recipe, model) = try TinyLesson.recipe(in: folder)
        try TinyLesson.equalise(257, with: 256, in: model)
        recipe.method = .lora
        recipe.lowRank.rank = 2
        recipe.epochs = 1
        return (recipe, model)
    }

    @Test func lowRankTeachingOfATokenThatLooksLikeAnotherIsRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (recipe, model) = try recipe()
        #expect(throws: TeachingError.indistinguishable("<|im_end|>", from: "<|im_start|>")) {
            try TeachingRun(recipe: recipe, base: model, workers: WorkerPool(threads: 1))
        }
    }

    @Test func teachingEveryWeightIsNotRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var (recipe, model) = try recipe()
        recipe.method = .full
        _ = try TeachingRun(recipe: recipe, base: model, workers: WorkerPool(threads: 1))
    }

    @Test func spelledOutItIsTaughtInOrdinaryTokensAndGoneFromTheTokenizer() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var (recipe, model) = try recipe()
        recipe.spelledOut = ["<|im_start|>"]
        let run = try TeachingRun(recipe: recipe, base: model, workers: WorkerPool(threads: 1))
        #expect(run.lessons.taught.allSatisfy { !$0.tokens.contains(256) && $0.tokens.contains(257) })
        _ = try run.run(shouldStop: { true })
        try run.export(tools: [], overwrites: false)
        let made = try Tokenizer(contentsOf: URL(filePath: recipe.output))
        #expect(made.encode("<|im_start|>") == Array("<|im_start|>".utf8).map(Int32.init))
        #expect(made.encode("<|im_end|>") == [257])
        let adapter = try TaughtAdapter(directory: run.folder.appending(path: "adapter"))
        #expect(adapter.spelledOut == ["<|im_start|>"])
    }

    @Test func aTokenThatIsNotThereCannotBeSpelledOut() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (_, model) = try recipe()
        #expect {
            try SpelledOutTokens(["<tool_call>"], of: model)
        } throws: {
            "\($0)".contains("<tool_call>") && "\($0)".contains("<|im_end|>")
        }
    }

    @Test func everyFileThatNamesTheTokenForgetsIt() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (_, model) = try recipe()
        let files = [
            "tokenizer_config.json":
                #"{"added_tokens_decoder": {"256": {"content": "<|im_start|>"}, "257": {"content": "<|im_end|>"}}, "#
                + #""additional_special_tokens": ["<|im_start|>", "<|im_end|>"], "eos_token": "<|im_end|>"}"#,
            "added_tokens.json": #"{"<|im_start|>": 256, "<|im_end|>": 257}"#,
        ]
        for (name, text) in files {
            try text.write(to: model.appending(path: name), atomically: true, encoding: .utf8)
        }
        let spelled = try SpelledOutTokens(["<|im_start|>"], of: model)
        #expect(spelled.files.count == 3)
        for json in spelled.files.values {
            #expect(!json.text().contains("im_start") && json.text().contains("im_end"))
        }
        #expect(try spelled.tokenizer().endOfSequenceToken == "<|im_end|>")
    }
}
