import Companion
import Teachers
import Testing

@Suite("A recipe for data")
struct RecipeTests {
    @Test("it says who writes what at which cost")
    func reads() throws {
        let recipe = try GenerationRecipe(
            yaml: """
                output: build/mine.jsonl
                categories: {culture: 40, no_markup: 0, mixed_multi_turn: 7}
                teacher: {api: anthropic, model: claude, key_env: KEY, timeout: 60, temperature: 1}
                budget: {max_cost: 3, input_price: 1, output_price: 5}
                batch: 8
                seed: 12
                """)
        #expect(recipe.output == "build/mine.jsonl")
        #expect(recipe.counts == [.culture: 40, .mixed: 7])
        #expect(recipe.teacher.interface == .anthropic && recipe.teacher.keyVariable == "KEY")
        #expect(recipe.budget.cost(prompt: 1_000_000, completion: 200_000) == 2)
        #expect(recipe.batch == 8 && recipe.seed == 12)
    }

    @Test("without categories it is the usual ones, in the usual counts")
    func hasUsualCounts() throws {
        let counts = try GenerationRecipe(yaml: "").counts
        #expect(counts[.topicSwitching] == 200 && counts[.mixed] == 100 && counts[.toolResults] == 100)
        #expect(counts.values.reduce(0, +) == 1300)
        for total in [1, 13, 20, 999] { #expect(TaughtCategory.counts(of: total).values.reduce(0, +) == total) }
    }

    @Test("a category that does not exist is named, with the one that was meant")
    func refusesUnknownCategories() {
        #expect {
            try GenerationRecipe(yaml: "categories:\n  cultur: 3\n")
        } throws: {
            "\($0)".contains("categories.cultur") && "\($0)".contains("'culture'")
        }
    }

    @Test("titles are the categories of the data that is shipped")
    func hasTitles() {
        #expect(TaughtCategory.mixed.title == "mixed multi-turn")
        #expect(TaughtCategory.allCases.allSatisfy { TaughtCategory(title: $0.title) == $0 })
    }
}
