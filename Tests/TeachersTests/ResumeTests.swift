import Foundation
import JSON
import Locking
import Teachers
import Testing

@Suite("Going on after a run that ended")
struct ResumeTests {
    private func stopped(_ recipe: GenerationRecipe, after count: Int) async throws -> ScriptedTeacher {
        let teacher = ScriptedTeacher { (request, number) throws(TeacherError) in
            guard number < count else { throw .refused(place: "x", status: 403, message: "no", waitSeconds: nil) }
            return GoodWriting.answer(to: request)
        }
        _ = try await GenerationRun.quick(recipe, teacher).run()
        return teacher
    }

    private let writer = { ScriptedTeacher { request, _ in GoodWriting.answer(to: request) } }

    @Test("the rest is asked for, by other requests, and both runs are paid once")
    func goesOn() async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 10])
            let first = try await stopped(recipe, after: 4)
            let second = writer()
            var run: GenerationRun? = try GenerationRun.quick(recipe, second)
            #expect(run?.isNew == false)
            #expect(await run?.begun.accepted == 4)
            let report = try #require(try await run?.run())
            // Its files are its own as long as it is there.
            run = nil
            #expect(report.end == .complete)
            #expect(second.requests.count == 6)
            #expect(report.spending.tokens == 150 * 10)
            #expect(Set(first.requests.map(\.task)).isDisjoint(with: second.requests.map(\.task)))
            let third = writer()
            #expect(try await GenerationRun.quick(recipe, third).run().end == .complete)
            #expect(third.requests.isEmpty)
        }
    }

    @Test("lines that a crash left unfinished are taken away, and only those", arguments: ["data", "data.journal"])
    func repairs(name: String) async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 8])
            _ = try await stopped(recipe, after: 5)
            let path = "\(folder)/\(name).jsonl"
            let whole = try Data(contentsOf: URL(filePath: path))
            try (whole + Data(#"{"messages": [{"role": "us"#.utf8)).write(to: URL(filePath: path))
            let run = try GenerationRun.quick(recipe, writer())
            #expect(run.removedBytes == 26)
            #expect(try Data(contentsOf: URL(filePath: path)) == whole)
            #expect(try await run.run().accepted == 8)
            #expect(try lines(of: recipe.output).count == 8)
        }
    }

    @Test("a whole line without its end gets one")
    func endsLine() async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 4])
            _ = try await stopped(recipe, after: 2)
            var data = try Data(contentsOf: URL(filePath: recipe.output))
            data.removeLast()
            try data.write(to: URL(filePath: recipe.output))
            #expect(try await GenerationRun.quick(recipe, writer()).run().accepted == 4)
            #expect(try lines(of: recipe.output).count == 4)
        }
    }

    @Test("an answer that was paid for but not made use of is used without asking again")
    func usesPaidAnswers() async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 3])
            _ = try await stopped(recipe, after: 3)
            let journal = folder + "/data.journal.jsonl"
            // As if the crash had come after the last answer was written down.
            let kept = try lines(of: journal).dropLast()
            try kept.map { $0.text() + "\n" }.joined().write(toFile: journal, atomically: true, encoding: .utf8)
            let samples = try lines(of: recipe.output).dropLast()
            try samples.map { $0.text() + "\n" }.joined().write(
                toFile: recipe.output, atomically: true, encoding: .utf8)
            let teacher = writer()
            let report = try await GenerationRun.quick(recipe, teacher).run()
            #expect(report.end == .complete)
            #expect(teacher.requests.isEmpty)
            #expect(try lines(of: recipe.output).count == 3)
            // And as if it had come after the sample, before the journal's last line.
            try kept.map { $0.text() + "\n" }.joined().write(toFile: journal, atomically: true, encoding: .utf8)
            let again = try await GenerationRun.quick(recipe, teacher).run()
            #expect(again.end == .complete && teacher.requests.isEmpty)
            #expect(try lines(of: recipe.output).count == 3)
        }
    }

    @Test("a request that was under way at the crash counts as paid")
    func countsLostRequests() async throws {
        try await withFolder { folder in
            let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 2])
            _ = try await stopped(recipe, after: 1)
            let journal = folder + "/data.journal.jsonl"
            let kept = try lines(of: journal).filter { $0["event"] != "failed" }
            try kept.map { $0.text() + "\n" }.joined().write(toFile: journal, atomically: true, encoding: .utf8)
            let spending = await (try GenerationRun.quick(recipe, writer())).begun.spending
            #expect(spending.isEstimated && spending.tokens > 150)
        }
    }

    @Test("files that are not ours, are in use, or were begun otherwise are left alone")
    func refusesOthersFiles() async throws {
        try await withFolder { folder in
            var recipe = GenerationRecipe.plain(folder, [.conciseVoice: 2])
            try "mine\n".write(toFile: recipe.output, atomically: true, encoding: .utf8)
            #expect(throws: GenerationError.taken(path: recipe.output)) { try GenerationRun.quick(recipe, writer()) }
            #expect(try String(contentsOfFile: recipe.output, encoding: .utf8) == "mine\n")
            var run: GenerationRun? = try GenerationRun.quick(recipe, writer(), overwrites: true)
            #expect(run?.isNew == true)
            #expect(throws: GenerationError.locked(path: folder + "/data.journal.jsonl")) {
                try GenerationRun.quick(recipe, writer())
            }
            run = nil
            recipe.seed = 2
            #expect(throws: GenerationError.otherPrompt(path: recipe.output)) {
                try GenerationRun.quick(recipe, writer())
            }
            recipe.output = folder + "/no/such/folder/x.jsonl"
            #expect(throws: GenerationError.self) { try GenerationRun.quick(recipe, writer()) }
            recipe.output = folder
            #expect(throws: GenerationError.self) { try GenerationRun.quick(recipe, writer()) }
            recipe.counts = [:]
            #expect(throws: GenerationError.nothingWanted) { try GenerationRun.quick(recipe, writer()) }
        }
    }
}
