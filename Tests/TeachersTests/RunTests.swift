import Foundation
import JSON
import Locking
import Teachers
import Testing
import TrainingData

@Suite("A run of the generator")
struct RunTests {
    @Test("it ends with what was wanted: in our prompt, with many users, told in figures")
    func fulfils() async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 12, .noFollowUp: 8])
            let teacher = ScriptedTeacher { request, _ in GoodWriting.answer(to: request) }
            let report = try await GenerationRun.quick(recipe, teacher).run()
            #expect(report.end == .complete)
            #expect(report.outcomes.map(\.accepted) == [12, 8])
            #expect(report.spending.tokens == 150 * teacher.requests.count)
            let samples = try lines(of: recipe.output)
            #expect(samples.count == 20)
            let prompts = samples.compactMap { $0["messages"]?[0]?["content"]?.string }
            #expect(prompts.allSatisfy { $0.hasPrefix("You are Annie, ") })
            #expect(Set(prompts).count > 15)
            #expect(report.json["categories"]?["concise_voice"]?["accepted"] == 12)
        }
    }

    @Test("several requests at a time give as many conversations, each once")
    func runsConcurrently() async throws {
        try await withFolder { folder in
            var recipe = GenerationRecipe.plain(folder, [.conciseVoice: 30])
            recipe.concurrency = 8
            let teacher = ScriptedTeacher { request, _ in GoodWriting.answer(to: request) }
            let report = try await GenerationRun.quick(recipe, teacher).run()
            #expect(report.end == .complete)
            #expect(try lines(of: recipe.output).count == 30)
            #expect(teacher.requests.count == 30)
        }
    }

    @Test("a teacher that repeats itself is heard once, and then given up")
    func dropsRepetition() async throws {
        try await withFolder { folder in
            var recipe = GenerationRecipe.plain(folder, [.conciseVoice: 3])
            recipe.patience = 4
            let reply =
                "Start with the small and easy part of it in the morning when the house is quiet, take a long break"
                + " before noon, write down what is left over, and leave that for another and better day."
            let teacher = ScriptedTeacher { request, _ in
                let turn: JSONValue = [
                    "user": .string(GoodWriting.subject(of: request).filter { $0.isLetter || $0 == " " }),
                    "reply": .string(reply),
                ]
                let turns = request.task.contains("of 1 turn:") ? [turn] : [turn, turn]
                let answer: JSONValue = ["turns": .array(turns)]
                return answer.text()
            }
            let report = try await GenerationRun.quick(recipe, teacher).run()
            #expect(report.end == .givenUp([.conciseVoice]))
            #expect(report.accepted == 1)
            let reasons = try lines(of: folder + "/data.rejected.jsonl").compactMap { $0["reason"]?.string }
            #expect(!reasons.isEmpty && Set(reasons).isSubset(of: ["near-duplicate", "repeats itself"]))
            #expect(reasons.contains("near-duplicate"))
        }
    }

    @Test("what a teacher gets wrong is kept aside with the reason")
    func keepsRejects() async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 2])
            let bad = [
                "I would rather not.", #"{"conversations":[{"turns":[{"user":"Hi","reply":"**Bold** words."}]}]}"#,
                #"{"conversations":[{"turns":[{"user":"Hi"}]}]}"#, "",
            ]
            let teacher = ScriptedTeacher { request, number in
                number < bad.count ? bad[number] : GoodWriting.answer(to: request)
            }
            let report = try await GenerationRun.quick(recipe, teacher).run()
            #expect(report.end == .complete)
            #expect(report.outcomes[0].rejectedCount == bad.count)
            let reasons = try lines(of: folder + "/data.rejected.jsonl").compactMap { $0["reason"]?.string }
            #expect(reasons.first == "not readable")
            #expect(reasons.contains("wrong form"))
        }
    }

    @Test("failures that pass are tried again, waiting as long as the teacher asks")
    func retries() async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 1])
            let teacher = ScriptedTeacher { (request, number) throws(TeacherError) in
                switch number {
                case 0: throw .refused(place: "x", status: 429, message: "slow down", waitSeconds: 33)
                case 1: throw .refused(place: "x", status: 500, message: "oops", waitSeconds: nil)
                case 2: throw .brokeOff(place: "x", reason: "reset")
                default: return GoodWriting.answer(to: request)
                }
            }
            let waits = Locked([Double]())
            var run = try GenerationRun(recipe: recipe, teacher: teacher, persona: .annie)
            run.sleep { seconds in waits.withLock { $0.append(seconds) } }
            let report = try await run.run()
            #expect(report.end == .complete)
            #expect(waits.withLock { $0.first } == 33)
            #expect(waits.withLock { $0.count } == 3)
            // The reply that broke off may have been paid.
            #expect(report.spending.isEstimated)
            #expect(report.spending.tokens > 150)
        }
    }

    @Test(
        "failures that stay end the run at once",
        arguments: [
            TeacherError.refused(place: "x", status: 401, message: "no", waitSeconds: nil),
            .unreachable(place: "x", reason: "refused"),
            .refused(place: "x", status: 429, message: "tomorrow", waitSeconds: 90_000),
        ])
    func endsOnFailure(error: TeacherError) async throws {
        try await withFolder { folder in
            let teacher = ScriptedTeacher { (_, _) throws(TeacherError) in throw error }
            let run = try GenerationRun.quick(.plain(folder, [.conciseVoice: 5]), teacher)
            let report = try await run.run()
            #expect(report.end == .failed(error))
            #expect(teacher.requests.count == 1)
        }
    }

    @Test("a budget of tokens or money is never passed, and what was used is told")
    func keepsBudget() async throws {
        try await withFolder { folder in
            var recipe = GenerationRecipe.plain(folder, [.conciseVoice: 50])
            recipe.concurrency = 3
            recipe.budget.maximumTokens = 6000
            let teacher = ScriptedTeacher { request, _ in GoodWriting.answer(to: request) }
            let first = try await GenerationRun.quick(recipe, teacher).run()
            if case .budget = first.end {} else { Issue.record("\(first.end)") }
            #expect(first.spending.tokens <= 6000 && first.accepted > 5)
            // The same budget holds for both runs together.
            let again = try await GenerationRun.quick(recipe, teacher).run()
            #expect(again.spending.tokens <= 6000)
            recipe.budget.maximumTokens = nil
            recipe.budget.maximumCost = 5
            #expect(throws: GenerationError.missingPrices) { try GenerationRun.quick(recipe, teacher) }
            (recipe.budget.inputPrice, recipe.budget.outputPrice) = (1, 1000)
            let paid = try await GenerationRun.quick(recipe, teacher).run()
            #expect(paid.spending.cost <= 5 && paid.spending.cost > 0)
        }
    }

    @Test("stopping waits for what is under way and leaves the rest")
    func stops() async throws {
        try await withFolder { folder in
            let isStopping = Locked(false)
            let teacher = ScriptedTeacher { request, number in
                if number == 2 { isStopping.withLock { $0 = true } }
                return GoodWriting.answer(to: request)
            }
            let run = try GenerationRun.quick(.plain(folder, [.conciseVoice: 9]), teacher)
            let report = try await run.run(isStopping: { isStopping.withLock { $0 } })
            #expect(report.end == .interrupted)
            #expect(report.accepted == 3)
        }
    }
}
