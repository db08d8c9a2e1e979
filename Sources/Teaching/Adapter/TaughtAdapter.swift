import Companion
import Compute
import Foundation
import JSON
import NVFP4
import Tokenization
import Training

/// What was learned, apart from the model that learned it: a PEFT adapter, and beside it how it was taught.
///
/// Folded into its base and rounded as in training it gives the very checkpoint that the run made. A persona is shipped as
/// one: some megabytes in place of a model.
public struct TaughtAdapter: Sendable {
    /// The record's name in the adapter's directory.
    public static let fileName = "annie_adapter.json"

    /// Where the adapter is.
    public let directory: URL
    /// The base's name or path, as the recipe had it.
    public let base: String
    /// What was rounded while it was taught, and how.
    public let rounding: Recipe.Rounding
    /// How block scales were chosen.
    public let scales: NVFP4Method
    /// What else was left unrounded.
    public let exclusions: [String]
    /// Which of the base's added tokens are written in ordinary ones.
    public let spelledOut: [String]

    /// Reads the record; an adapter without one was taught without rounding.
    ///
    /// - Throws: What is wrong with the record.
    public init(directory: URL) throws {
        self.directory = directory
        let file = directory.appending(path: Self.fileName)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            (base, rounding, scales, exclusions, spelledOut) = ("", .none, .fourOverSix, [], [])
            return
        }
        let json = try JSONValue(parsing: data)
        guard let rounding = json["rounding"]?.string.flatMap(Recipe.Rounding.init),
            let scales = json["scales"]?.string.flatMap(NVFP4Method.init), let base = json["base"]?.string
        else { throw TeachingError.badAdapter(file.path) }
        (self.base, self.rounding, self.scales) = (base, rounding, scales)
        exclusions = json["exclude"]?.array?.compactMap(\.string) ?? []
        spelledOut = json["spell_out"]?.array?.compactMap(\.string) ?? []
    }

    /// Writes the record of a run beside its adapter.
    static func write(_ recipe: Recipe, to directory: URL) throws {
        let record: JSONValue = [
            "base": .string(recipe.base), "rounding": .string(recipe.rounding.rawValue),
            "scales": .string(recipe.scales.rawValue),
            "exclude": .array(recipe.exclusions.map { .string($0) }),
            "spell_out": .array(recipe.spelledOut.map { .string($0) }),
        ]
        try Data((record.text(.pretty) + "\n").utf8).write(to: directory.appending(path: fileName), options: .atomic)
    }

    /// Makes the checkpoint: the base with the adapter folded in, rounded as it was taught.
    ///
    /// - Throws: `TrainingError`, `CheckpointError`; also when the output is there and may not be replaced.
    public func makeCheckpoint(
        base: URL, output: URL, overwrites: Bool = false, workers: WorkerPool
    ) throws {
        var recipe = Recipe(base: self.base, data: [], output: output.path)
        recipe.rounding = rounding
        recipe.scales = scales
        recipe.exclusions = exclusions
        var options = recipe.trainerOptions(steps: 1, teacher: nil)
        options.lora = try LoRAOptions(adapterDirectory: directory)
        let trainer = try Trainer(modelDirectory: base, options: options, workers: workers)
        try trainer.loadAdapter(from: directory)
        try trainer.export(to: output, overwrites: overwrites)
        if !spelledOut.isEmpty { try SpelledOutTokens(spelledOut, of: base).write(to: output) }
        for name in ["chat_template.jinja", PromptFingerprint.fileName] {
            guard let data = FileManager.default.contents(atPath: directory.appending(path: name).path) else {
                continue
            }
            try data.write(to: output.appending(path: name), options: .atomic)
        }
    }
}
