import Foundation
import JSON
import Locking
import Teachers
import TrainingData

/// A folder of its own for a test's files.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "annie-teachers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.path)
}

/// A teacher that does what a test tells it to.
final class ScriptedTeacher: Teacher {
    let name = "scripted"
    private let answers: @Sendable (TeacherRequest, Int) throws(TeacherError) -> String
    private let asked = Locked([TeacherRequest]())

    /// - Parameter answers: The text for a request, which is the teacher's so-and-so-manieth, counted from 0.
    init(_ answers: @escaping @Sendable (TeacherRequest, Int) throws(TeacherError) -> String) { self.answers = answers }

    var requests: [TeacherRequest] { asked.withLock { $0 } }

    func reply(to request: TeacherRequest) async throws(TeacherError) -> TeacherReply {
        let number = asked.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        return TeacherReply(text: try answers(request, number), promptTokens: 100, completionTokens: 50)
    }
}

/// Good conversations without tools, never twice the same.
enum GoodWriting {
    static func answer(to request: TeacherRequest) -> String {
        let bounds = request.schema["properties"]?["conversations"]
        let count = bounds?["minItems"]?.integer ?? 1
        let turns = bounds?["items"]?["properties"]?["turns"]?["minItems"]?.integer ?? 1
        var random = SeededGenerator(seed: UInt64(request.seed))
        let subject = subject(of: request)
        let conversations = (0..<count).map { _ in conversation(turns: turns, on: subject, &random) }
        let value: JSONValue = ["conversations": .array(conversations)]
        return value.text()
    }

    /// What the user is to speak of.
    static func subject(of request: TeacherRequest) -> String {
        request.task.split(separator: "\n").filter { $0.contains("user speaks of ") }
            .compactMap { $0.split(separator: "speaks of ", maxSplits: 1).last }.joined()
    }

    static func conversation(turns: Int, on subject: String, _ random: inout SeededGenerator) -> JSONValue {
        let list = (0..<turns).map { _ -> JSONValue in
            let words = (0..<12).map { _ in word(&random) }
            return [
                "user": .string(
                    "Why is the \(words[0]) \(words[1]) near my \(words[2]) so \(words[3])"
                        + " \(subject.filter { $0.isLetter || $0 == " " })"),
                "reply": .string(
                    "Mostly \(words[4]) \(words[5]) with \(words[6]), a bit of \(words[7]) \(words[8]) too."),
            ]
        }
        return ["turns": .array(list)]
    }

    private static func word(_ random: inout SeededGenerator) -> String {
        let syllables = ["ba", "ro", "mi", "ten", "lu", "ka", "so", "vel", "dri", "no", "pa", "gel"]
        return (0..<3).map { _ in syllables[random.next(below: syllables.count)] }.joined()
    }
}

extension GenerationRecipe {
    /// One conversation a request, so that the schema says how many turns it has.
    static func plain(_ folder: String, _ counts: [TaughtCategory: Int]) -> GenerationRecipe {
        var recipe = GenerationRecipe()
        recipe.output = folder + "/data.jsonl"
        recipe.counts = counts
        recipe.batch = 1
        recipe.concurrency = 1
        return recipe
    }
}

extension GenerationRun {
    /// A run that does not wait between tries.
    static func quick(_ recipe: GenerationRecipe, _ teacher: any Teacher, overwrites: Bool = false) throws
        -> GenerationRun
    {
        var run = try GenerationRun(recipe: recipe, teacher: teacher, persona: .annie, overwrites: overwrites)
        run.sleep { _ in }
        return run
    }
}

func lines(of path: String) throws -> [JSONValue] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
}
