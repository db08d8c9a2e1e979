import Companion
import Foundation

extension GenerationRecipe {
    private static let keys = [
        "output", "persona", "language", "keep_out", "categories", "teacher", "budget", "batch", "concurrency",
        "attempts",
        "patience",
        "likeness", "seed",
    ]
    private static let teacherKeys = [
        "url", "api", "model", "key_env", "command", "timeout", "temperature", "reply_tokens", "schema",
    ]

    /// Reads a recipe's file. `persona` and `keep_out` are relative to the file's folder, unless nothing is there.
    public init(contentsOf path: String) throws(PersonaFileError) {
        try self.init(yaml: try personaFileText(path), file: path)
        let folder = URL(filePath: path).deletingLastPathComponent()
        persona = persona.map { Self.resolved($0, in: folder) }
        keptOut = keptOut.map { Self.resolved($0, in: folder) }
    }

    private static func resolved(_ path: String, in folder: URL) -> String {
        let beside = URL(filePath: path, relativeTo: folder)
        return FileManager.default.fileExists(atPath: beside.path) ? beside.path : path
    }

    /// Reads a recipe's text.
    ///
    /// - Parameter file: What errors call it.
    public init(yaml: String, file: String = "recipe.yaml") throws(PersonaFileError) {
        self.init()
        let root = try YAMLMapping(yaml, file: file, keys: Self.keys)
        if let output = try root.string("output") { self.output = output }
        persona = try root.string("persona")
        if let language = try root.string("language") { self.language = language }
        if let paths = try root.strings("keep_out") { keptOut = paths }
        if root.has("categories") { counts = try Self.counts(root) }
        teacher = try Self.teacher(root)
        budget = try Self.budget(root)
        if let batch = try root.integer("batch", in: 1...50) { self.batch = batch }
        if let concurrency = try root.integer("concurrency", in: 1...64) { self.concurrency = concurrency }
        if let attempts = try root.integer("attempts", in: 1...100) { self.attempts = attempts }
        if let patience = try root.integer("patience", in: 1...10_000) { self.patience = patience }
        if let likeness = try root.number("likeness", in: 0.1...1) { self.likeness = likeness }
        if let seed = try root.integer("seed", in: 0...Int.max) { self.seed = UInt64(seed) }
    }

    private static func counts(_ root: YAMLMapping) throws(PersonaFileError) -> [TaughtCategory: Int] {
        let mapping = try root.mapping("categories", keys: TaughtCategory.allCases.map(\.rawValue))
        var counts: [TaughtCategory: Int] = [:]
        for category in TaughtCategory.allCases {
            if let count = try mapping.integer(category.rawValue, in: 0...1_000_000), count > 0 {
                counts[category] = count
            }
        }
        return counts
    }

    private static func teacher(_ root: YAMLMapping) throws(PersonaFileError) -> TeacherSettings {
        let mapping = try root.mapping("teacher", keys: teacherKeys)
        var teacher = TeacherSettings()
        teacher.url = try mapping.string("url")
        if let interface = try mapping.choice("api", of: Interface.self) { teacher.interface = interface }
        teacher.model = try mapping.string("model")
        teacher.keyVariable = try mapping.string("key_env")
        teacher.command = try mapping.string("command")
        if let seconds = try mapping.number("timeout", in: 1...86400) { teacher.timeLimit = seconds }
        if let temperature = try mapping.number("temperature", in: 0...2) { teacher.temperature = temperature }
        if let tokens = try mapping.integer("reply_tokens", in: 64...1 << 20) { teacher.replyTokens = tokens }
        if let sends = try mapping.bool("schema") { teacher.sendsSchema = sends }
        return teacher
    }

    private static func budget(_ root: YAMLMapping) throws(PersonaFileError) -> Budget {
        let mapping = try root.mapping("budget", keys: ["max_tokens", "max_cost", "input_price", "output_price"])
        var budget = Budget()
        budget.maximumTokens = try mapping.integer("max_tokens", in: 1...Int.max)
        budget.maximumCost = try mapping.number("max_cost", in: 0...1e9)
        budget.inputPrice = try mapping.number("input_price", in: 0...1e6)
        budget.outputPrice = try mapping.number("output_price", in: 0...1e6)
        return budget
    }
}
