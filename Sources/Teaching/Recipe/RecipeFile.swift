import Companion
import Foundation
import NVFP4
import Training

/// What a recipe's file says, and nothing of what it leaves out: files are laid over each other before a ``Recipe`` is
/// made.
///
/// `extends: other.yaml` names a file that this one goes on from, relative to its own folder; paths in `data`, `persona`
/// and `chat_template` are relative to the folder of the file that names them too, unless nothing is there, when they are
/// taken as they stand.
public struct RecipeFile {
    package static let keys = [
        "extends", "base", "data", "output", "persona", "chat_template", "spell_out", "method", "lora", "rounding",
        "scales", "straight_through", "scale_rate", "exclude", "loss", "distill", "epochs", "learning_rate",
        "schedule", "warm_up", "weight_decay", "clip", "batch_tokens", "maximum_tokens", "conversations", "held_out",
        "evaluate_every", "patience", "save_every", "recompute", "seed",
    ]
    private static let deepest = 8

    /// From the file furthest below to the one that was named.
    private let layers: [(mapping: YAMLMapping, folder: URL)]

    /// Reads a file and those it extends.
    ///
    /// - Throws: `PersonaFileError`, or ``TeachingError`` for files that extend each other.
    public init(contentsOf path: String) throws {
        var layers: [(YAMLMapping, URL)] = []
        var next: URL? = URL(filePath: path)
        while let url = next {
            guard layers.count < Self.deepest else { throw TeachingError.endlessRecipe(path) }
            let mapping = try YAMLMapping(try personaFileText(url.path), file: url.path, keys: Self.keys)
            let folder = url.deletingLastPathComponent()
            layers.insert((mapping, folder), at: 0)
            next = try mapping.string("extends").map { Self.resolved($0, in: folder) }
        }
        self.layers = layers
    }

    /// Reads one file's text, which extends nothing.
    public init(yaml: String, file: String = "recipe.yaml") throws(PersonaFileError) {
        layers = [(try YAMLMapping(yaml, file: file, keys: Self.keys), URL(filePath: "."))]
    }

    /// What a mapping within another file says; it extends nothing.
    package init(_ mapping: YAMLMapping, folder: URL) { layers = [(mapping, folder)] }

    /// Lays what the files say over a recipe.
    public func apply(to recipe: inout Recipe) throws(PersonaFileError) {
        for (mapping, folder) in layers {
            try Self.applyParts(mapping, folder, to: &recipe)
            try Self.applyArithmetic(mapping, to: &recipe)
            try Self.applyAmounts(mapping, to: &recipe)
        }
    }

    /// A file in the folder, or, where none is, the path as it stands: `base` and `teacher` may be names.
    private static func resolved(_ path: String, in folder: URL) -> URL {
        let beside = URL(filePath: path, relativeTo: folder)
        return FileManager.default.fileExists(atPath: beside.path) ? beside : URL(filePath: path)
    }

    private static func applyParts(
        _ mapping: YAMLMapping, _ folder: URL, to recipe: inout Recipe
    ) throws(PersonaFileError) {
        if let base = try mapping.string("base") { recipe.base = base }
        if let data = try mapping.strings("data") { recipe.data = data.map { resolved($0, in: folder).path } }
        if let output = try mapping.string("output") { recipe.output = output }
        if let persona = try mapping.string("persona") { recipe.persona = resolved(persona, in: folder).path }
        if let template = try mapping.string("chat_template") {
            recipe.chatTemplate = resolved(template, in: folder).path
        }
        if let tokens = try mapping.strings("spell_out") { recipe.spelledOut = tokens }
    }

    private static func applyArithmetic(_ mapping: YAMLMapping, to recipe: inout Recipe) throws(PersonaFileError) {
        if let method = try mapping.choice("method", of: Recipe.Method.self) { recipe.method = method }
        let lowRank = try mapping.mapping("lora", keys: ["rank", "alpha", "targets", "first_layer"])
        if let rank = try lowRank.integer("rank", in: 1...1024) { recipe.lowRank.rank = rank }
        if let alpha = try lowRank.number("alpha", in: 0.001...4096) { recipe.lowRank.alpha = alpha }
        if let targets = try lowRank.strings("targets") { recipe.lowRank.targets = targets }
        if let first = try lowRank.integer("first_layer", in: 0...1 << 20) { recipe.lowRank.firstLayer = first }
        if let rounding = try mapping.choice("rounding", of: Recipe.Rounding.self) { recipe.rounding = rounding }
        if let scales = try mapping.choice("scales", of: NVFP4Method.self) { recipe.scales = scales }
        if let estimator = try mapping.choice("straight_through", of: FakeQuantization.StraightThrough.self) {
            recipe.straightThrough = estimator
        }
        if let rate = try mapping.number("scale_rate", in: 0...1000) { recipe.scaleRate = rate }
        if let patterns = try mapping.strings("exclude") { recipe.exclusions = patterns }
        if let loss = try mapping.choice("loss", of: Recipe.Loss.self) { recipe.loss = loss }
        guard mapping.has("distill") else { return }
        let distill = try mapping.mapping("distill", keys: ["teacher", "weight"])
        var distillation = recipe.distillation ?? Recipe.Distillation()
        if let teacher = try distill.string("teacher") { distillation.teacher = teacher }
        if let weight = try distill.number("weight", in: 0...1) { distillation.weight = weight }
        recipe.distillation = distillation
    }

    private static func applyAmounts(_ mapping: YAMLMapping, to recipe: inout Recipe) throws(PersonaFileError) {
        if let epochs = try mapping.integer("epochs", in: Recipe.epochRange) { recipe.epochs = epochs }
        if let rate = try mapping.number("learning_rate", in: Recipe.learningRateRange) { recipe.learningRate = rate }
        if let schedule = try mapping.choice("schedule", of: Recipe.Schedule.self) { recipe.schedule = schedule }
        if let warmUp = try mapping.number("warm_up", in: 0...1) { recipe.warmUp = warmUp }
        if let decay = try mapping.number("weight_decay", in: 0...1) { recipe.weightDecay = decay }
        if let clip = try mapping.number("clip", in: 1e-6...1e6) { recipe.clip = clip }
        if let tokens = try mapping.integer("batch_tokens", in: Recipe.batchTokenRange) { recipe.batchTokens = tokens }
        if let tokens = try mapping.integer("maximum_tokens", in: 16...1 << 20) { recipe.maximumTokens = tokens }
        if let count = try mapping.integer("conversations", in: 1...1 << 30) { recipe.conversations = count }
        if let share = try mapping.number("held_out", in: 0...0.9) { recipe.heldOut = share }
        if let steps = try mapping.integer("evaluate_every", in: 1...1 << 30) { recipe.evaluateEvery = steps }
        if let patience = try mapping.integer("patience", in: 1...10_000) { recipe.patience = patience }
        if let steps = try mapping.integer("save_every", in: 1...1 << 30) { recipe.saveEvery = steps }
        if let recomputes = try mapping.bool("recompute") { recipe.recomputes = recomputes }
        if let seed = try mapping.integer("seed", in: 0...Int.max) { recipe.seed = UInt64(seed) }
    }
}
