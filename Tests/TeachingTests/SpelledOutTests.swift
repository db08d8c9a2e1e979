import Compute
import Foundation
import JSON
import Teaching
import Testing
import Tokenization

@Suite struct SpelledOutTests {
    /// A lesson for a base whose two added tokens have one row in the head.
    private func lessons() throws -> (TinyLessons, Recipe) {
        let tiny = try TinyLessons()
        try tiny.equalise(257, with: 256)
        var recipe = tiny.recipe
        recipe.method = .lora
        recipe.lowRank.rank = 2
        recipe.epochs = 1
        return (tiny, recipe)
    }

    @Test func lowRankTeachingOfATokenThatLooksLikeAnotherIsRefused() throws {
        let (tiny, recipe) = try lessons()
        #expect(throws: TeachingError.indistinguishable(["<|im_end|>"], from: ["<|im_start|>"])) {
            try TeachingRun(recipe: recipe, base: tiny.model, workers: WorkerPool(threads: 1))
        }
    }

    @Test func teachingEveryWeightIsNotRefused() throws {
        let (tiny, given) = try lessons()
        var recipe = given
        recipe.method = .full
        _ = try TeachingRun(recipe: recipe, base: tiny.model, workers: WorkerPool(threads: 1))
    }

    @Test func spelledOutItIsTaughtInOrdinaryTokensAndGoneFromTheTokenizer() throws {
        let (tiny, given) = try lessons()
        var recipe = given
        recipe.spelledOut = ["<|im_start|>"]
        let run = try TeachingRun(recipe: recipe, base: tiny.model, workers: WorkerPool(threads: 1))
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
        let (tiny, _) = try lessons()
        #expect {
            try SpelledOutTokens(["<tool_call>"], of: tiny.model)
        } throws: {
            "\($0)".contains("<tool_call>") && "\($0)".contains("<|im_end|>")
        }
    }

    @Test func everyFileThatNamesTheTokenForgetsIt() throws {
        let (tiny, _) = try lessons()
        let files = [
            "tokenizer_config.json":
                #"{"added_tokens_decoder": {"256": {"content": "<|im_start|>"}, "257": {"content": "<|im_end|>"}}, "#
                + #""additional_special_tokens": ["<|im_start|>", "<|im_end|>"], "eos_token": "<|im_end|>"}"#,
            "added_tokens.json": #"{"<|im_start|>": 256, "<|im_end|>": 257}"#,
        ]
        for (name, text) in files {
            try text.write(to: tiny.model.appending(path: name), atomically: true, encoding: .utf8)
        }
        let spelled = try SpelledOutTokens(["<|im_start|>"], of: tiny.model)
        #expect(spelled.files.count == 3)
        for json in spelled.files.values {
            #expect(!json.text().contains("im_start") && json.text().contains("im_end"))
        }
        #expect(try spelled.tokenizer().endOfSequenceToken == "<|im_end|>")
    }
}
