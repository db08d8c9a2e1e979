import Companion
import Foundation
import Teaching
import Testing

@Suite struct RecipeTests {
    private func recipe(_ yaml: String) throws -> Recipe {
        var recipe = Recipe(base: "base", data: ["data.jsonl"], output: "out")
        try RecipeFile(yaml: yaml).apply(to: &recipe)
        return recipe
    }

    @Test func whatTheFileSaysReplacesTheDefaults() throws {
        let recipe = try recipe(
            """
            base: smollm2-135m
            rounding: w4a4
            scales: max
            straight_through: learned-scale
            scale_rate: 2
            method: lora
            lora: {rank: 8}
            learning_rate: 2e-4
            held_out: 0.1
            recompute: true
            distill: {teacher: big, weight: 0.5}
            """)
        #expect(recipe.base == "smollm2-135m")
        #expect(recipe.rounding == .w4a4)
        #expect(recipe.scales == .max && recipe.straightThrough == .learnedScale && recipe.scaleRate == 2)
        let quantization = recipe.trainerOptions(steps: 1, teacher: nil).fakeQuantization
        #expect(quantization?.gradient == .learnedScale && quantization?.scaleRate == 2)
        #expect(recipe.method == .lora)
        #expect(recipe.lowRank.rank == 8)
        #expect(recipe.lowRank.alpha == 32)
        #expect(recipe.learningRate == 2e-4)
        #expect(recipe.heldOut == 0.1)
        #expect(recipe.recomputes)
        #expect(recipe.teacher == "big")
        #expect(recipe.distillation?.weight == 0.5)
        #expect(recipe.output == "out")
    }

    @Test func theDocumentationTellsEveryKeyAndNoOther() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/Training.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let tables = lines.split { !$0.hasPrefix("|") }.map { table in
            table.filter { $0.hasPrefix("| `") }.map { String($0.dropFirst(3).prefix { $0 != "`" }) }.sorted()
        }
        #expect(tables == [RecipeFile.keys, Comparison.keys, Comparison.variantKeys].map { $0.sorted() })
    }

    @Test func layersLeftAloneAndLayersAdaptedReachTheTrainer() throws {
        let options = try recipe(
            """
            method: lora
            lora: {targets: [q_proj, v_proj], first_layer: 3}
            rounding: weight-only
            exclude: ["*.mlp.*", re:.*layers.0.*]
            """
        ).trainerOptions(steps: 10, teacher: nil)
        #expect(options.lora?.targets == ["q_proj", "v_proj"])
        #expect(options.lora?.firstLayer == 3)
        #expect(options.fakeQuantization?.exclusions == ["*.mlp.*", "re:.*layers.0.*"])
        let usual = try recipe("{method: lora, rounding: w4a4}").trainerOptions(steps: 10, teacher: nil)
        #expect(usual.lora?.targets.contains("down_proj") == true)
        #expect(usual.fakeQuantization?.exclusions == [])
    }

    @Test func aTeacherWithoutANameIsTheBase() throws {
        var moved = try recipe("distill: {weight: 0.3}")
        moved.base = "another"
        #expect(moved.teacher == "another")
        #expect(try recipe("distill: {weight: 0.3}").teacher == "base")
    }

    @Test func anUnknownKeyIsRefusedWithTheNearest() {
        #expect(throws: PersonaFileError.self) { try recipe("epoch: 3") }
        #expect { try recipe("epoch: 3") } throws: { "\($0)".contains("did you mean 'epochs'?") }
    }

    @Test func valuesOutOfRangeNameWhatIsExpected() {
        #expect { try recipe("epochs: 0") } throws: { "\($0)".contains("a whole number from 1") }
        #expect { try recipe("rounding: int8") } throws: { "\($0)".contains("none, weight-only, w4a4") }
        #expect { try recipe("straight_through: lsq") } throws: {
            "\($0)".contains("identity, clipped, learned-scale")
        }
        #expect { try recipe("recompute: maybe") } throws: { "\($0)".contains("true or false") }
    }

    @Test func aRecipeGoesOnFromAnother() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recipes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "{}".write(to: folder.appending(path: "chats.jsonl"), atomically: true, encoding: .utf8)
        try "data: chats.jsonl\nepochs: 5\nseed: 9\n".write(
            to: folder.appending(path: "below.yaml"), atomically: true, encoding: .utf8)
        try "extends: below.yaml\nepochs: 2\n".write(
            to: folder.appending(path: "above.yaml"), atomically: true, encoding: .utf8)
        var recipe = Recipe(base: "base", data: [], output: "out")
        try RecipeFile(contentsOf: folder.appending(path: "above.yaml").path).apply(to: &recipe)
        #expect(recipe.epochs == 2)
        #expect(recipe.seed == 9)
        #expect(recipe.data == [folder.appending(path: "chats.jsonl").path])
    }

    @Test func aRecipeThatExtendsItselfIsRefused() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "self-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try "extends: \(file.path)\n".write(to: file, atomically: true, encoding: .utf8)
        #expect { try RecipeFile(contentsOf: file.path) } throws: { "\($0)".contains("does a file extend itself?") }
    }
}
