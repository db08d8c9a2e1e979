import Calibration
import Checkpoints
import Companion
import Compute
import Foundation

/// What `annie compare` sets side by side: variants of a model, how each is made, and what it is measured on.
///
/// A YAML file lists them as changes of one recipe:
///
///     recipe: recipe.yaml
///     settings: {method: full, conversations: 240}
///     reference: SFT
///     variants:
///       - name: base
///       - {name: SFT, train: {rounding: none}}
///       - {name: PTQ max, quantize: {of: SFT, method: max}}
///       - {name: QAT, train: {rounding: w4a4}, inputs: nvfp4}
public struct Comparison: Sendable {
    /// What the table is called.
    public var title: String
    /// The recipe that taught variants are changes of.
    public var recipe: Recipe
    /// In the order of the table's rows.
    public var variants: [Variant]
    /// The variant that the others' divergence is measured from; nil: it is not measured.
    public var reference: String?
    /// Calibration texts by name: files of text, or of conversations (`.jsonl`).
    public var calibration: [String: [String]]
    /// Tokens of calibration text.
    public var calibrationTokens = 8192
    /// Texts that perplexity is measured on.
    public var text: [String]
    /// Held-out conversations that divergence is measured on, beside nothing else.
    public var divergenceConversations = 8
    /// Files or folders of scenarios; none: the project's own.
    public var scenarios: [String]

    /// What a file may say.
    package static let keys = [
        "title", "recipe", "settings", "variants", "reference", "calibration", "calibration_tokens", "text",
        "divergence_conversations", "scenarios",
    ]
    /// What it may say of a variant.
    package static let variantKeys = [
        "name", "train", "from", "quantize", "experiment", "persona", "inputs", "line", "calibration",
    ]

    /// Reads a file.
    ///
    /// - Parameter conversations: taught conversations, in place of what the file says.
    /// - Throws: `PersonaFileError`, ``ComparisonError``, or what is wrong with the recipe.
    public init(contentsOf path: String, conversations: Int? = nil) throws {
        let file = URL(filePath: path)
        try self.init(
            yaml: try personaFileText(path), file: path, folder: file.deletingLastPathComponent(),
            conversations: conversations)
    }

    /// Reads a file's text; paths in it are relative to the folder, unless nothing is there.
    public init(
        yaml: String, file: String = "compare.yaml", folder: URL = URL(filePath: "."), conversations: Int? = nil
    ) throws {
        let root = try YAMLMapping(yaml, file: file, keys: Self.keys)
        func resolved(_ path: String) -> String {
            let beside = URL(filePath: path, relativeTo: folder).path
            return FileManager.default.fileExists(atPath: beside) ? beside : path
        }
        var recipe = Recipe(base: "", data: [], output: "")
        if let path = try root.string("recipe") { try RecipeFile(contentsOf: resolved(path)).apply(to: &recipe) }
        try RecipeFile(try root.mapping("settings", keys: RecipeFile.keys), folder: folder).apply(to: &recipe)
        if let conversations { recipe.conversations = conversations }
        self.recipe = recipe
        title = try root.string("title") ?? URL(filePath: file).deletingPathExtension().lastPathComponent
        reference = try root.string("reference")
        text = (try root.strings("text") ?? []).map(resolved)
        scenarios = (try root.strings("scenarios") ?? []).map(resolved)
        if let tokens = try root.integer("calibration_tokens", in: 16...1 << 24) { calibrationTokens = tokens }
        if let count = try root.integer("divergence_conversations", in: 0...10_000) { divergenceConversations = count }
        calibration = [:]
        let sources = try root.mapping("calibration", keys: ["general", "own"])
        for name in ["general", "own"] {
            if let files = try sources.strings(name) { calibration[name] = files.map(resolved) }
        }
        variants = []
        for mapping in try root.mappings("variants", keys: Self.variantKeys) {
            variants.append(try Self.variant(mapping, of: recipe, folder: folder, resolved))
        }
        try check()
    }

    private static func variant(
        _ mapping: YAMLMapping, of recipe: Recipe, folder: URL, _ resolved: (String) -> String
    ) throws -> Variant {
        let name = try mapping.requiredString("name")
        var taught = recipe
        try RecipeFile(try mapping.mapping("train", keys: RecipeFile.keys), folder: folder).apply(to: &taught)
        var variant = Variant(name, .base)
        let quantize = try mapping.mapping("quantize", keys: ["of", "method", "calibration"])
        switch (try mapping.choice("experiment", of: Experiment.self), mapping.has("train"), mapping.has("quantize")) {
        case (.adapterBesideQuantized?, _, false):
            taught.method = .lora
            taught.rounding = .none
            variant.origin = .adapterBesideQuantized(taught, calibration: try mapping.string("calibration"))
        case (nil, true, false): variant.origin = .taught(taught, from: try mapping.string("from"))
        case (nil, false, true):
            variant.origin = .quantized(
                of: try quantize.requiredString("of"), try quantize.choice("method", of: PTQMethod.self) ?? .max,
                calibration: try quantize.string("calibration"))
        case (nil, false, false): break
        default: throw ComparisonError.severalOrigins(name)
        }
        variant.persona = try mapping.string("persona").map(resolved)
        variant.inputs = try mapping.choice("inputs", of: ActivationFormat.self)
        variant.line = try mapping.string("line")
        return variant
    }

    private enum Experiment: String, CaseIterable {
        case adapterBesideQuantized = "adapter-beside-quantized"
    }

    // MARK: What depends on what

    /// The variant of that name.
    public func variant(_ name: String) -> Variant? { variants.first { $0.name == name } }

    /// All that decides what comes out of a variant, those it is made from included: a row that was made with another is
    /// made again. Files count by what is in them, wherever they are.
    public func definition(of variant: Variant) -> String {
        var copy = variant
        copy.line = nil
        copy.persona = variant.persona.map(Self.fingerprint)
        var texts: String?
        switch variant.origin {
        case .base: break
        case .taught(let recipe, let from): copy.origin = .taught(Self.portable(recipe), from: from)
        case .quantized(_, _, let text): texts = text
        case .adapterBesideQuantized(let recipe, let text):
            copy.origin = .adapterBesideQuantized(Self.portable(recipe), calibration: text)
            texts = text
        }
        let calibrated = texts.map {
            "\(calibrationTokens) of " + (calibration[$0] ?? []).map(Self.fingerprint).joined()
        }
        let own = "\(copy)" + (calibrated.map { "|\($0)" } ?? "")
        return ([own] + variant.needs.compactMap(self.variant).map(definition)).joined(separator: "\n")
    }

    /// All that decides how a variant is measured beside its scenarios.
    public func measurement(of variant: Variant) -> String {
        let texts = text.map(Self.fingerprint).joined(separator: " ")
        guard let reference, reference != variant.name else { return "texts \(texts)" }
        let other = self.variant(reference).map(definition) ?? reference
        return "texts \(texts), \(divergenceConversations) conversations beside \(other)"
    }

    /// A recipe whose files are named by their contents.
    private static func portable(_ recipe: Recipe) -> Recipe {
        var recipe = recipe
        recipe.data = recipe.data.map(fingerprint)
        recipe.persona = recipe.persona.map(fingerprint)
        recipe.chatTemplate = recipe.chatTemplate.map(fingerprint)
        return recipe
    }

    /// What is in a file, in sixteen digits; the path of one that cannot be read.
    public static func fingerprint(_ path: String) -> String {
        guard let data = FileManager.default.contents(atPath: path) else { return path }
        var hash = ContentHash()
        data.withUnsafeBytes { hash.add($0) }
        return hash.text
    }

    /// How strongly a variant was taught: that of the variant it was quantised from where it was not taught itself.
    public func dose(of variant: Variant) -> (learningRate: Double, epochs: Int)? {
        switch variant.origin {
        case .base: nil
        case .taught(let recipe, _), .adapterBesideQuantized(let recipe, _): (recipe.learningRate, recipe.epochs)
        case .quantized(let of, _, _): self.variant(of).flatMap { dose(of: $0) }
        }
    }

    private func check() throws(ComparisonError) {
        guard !variants.isEmpty else { throw .noVariants }
        var seen: Set<String> = [], slugs: Set<String> = []
        for variant in variants {
            for needed in variant.needs where self.variant(needed) == nil && !isDirectoryOrBase(needed, variant) {
                throw .unknownVariant(needed, in: variant.name, known: variants.map(\.name))
            }
            // What is needed stands above, so that rows can be made in order, and nothing needs itself.
            for needed in variant.needs where self.variant(needed) != nil && !seen.contains(needed) {
                throw .wrongOrder(needed, in: variant.name)
            }
            if case .quantized(_, let method, let text) = variant.origin {
                if let text, calibration[text] == nil { throw .unknownText(text, in: variant.name) }
                if method.needsCalibration, text == nil { throw .noText(variant.name) }
            }
            guard seen.insert(variant.name).inserted, slugs.insert(variant.slug).inserted, !variant.slug.isEmpty else {
                throw .sameName(variant.name)
            }
        }
        if let reference, !seen.contains(reference) {
            throw .unknownVariant(reference, in: "reference", known: variants.map(\.name))
        }
    }

    /// A teacher may be any model; the others must be variants.
    private func isDirectoryOrBase(_ name: String, _ variant: Variant) -> Bool {
        guard case .taught(let recipe, let from) = variant.origin else { return false }
        return from != name && recipe.teacher == name
    }
}

/// Why a comparison's file makes no sense.
public enum ComparisonError: Error, Equatable, CustomStringConvertible, Sendable {
    /// It lists nothing.
    case noVariants
    /// Two rows that cannot be told apart.
    case sameName(String)
    /// A row that is taught and quantised at once.
    case severalOrigins(String)
    /// A row that names another which is not there.
    case unknownVariant(String, in: String, known: [String])
    /// A row that names one further down.
    case wrongOrder(String, in: String)
    /// A calibration text that is not there.
    case unknownText(String, in: String)
    /// A method that needs a calibration text.
    case noText(String)

    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .noVariants: "the file has no 'variants'; list at least one, such as '- name: base'"
        case .sameName(let name):
            "two variants are called '\(name)' (or differ in punctuation only), or it has no letters"
        case .severalOrigins(let name):
            "'\(name)' has more than one of 'train', 'quantize' and 'experiment'; make two variants of it"
        case .unknownVariant(let name, let place, let known):
            "'\(place)' names the variant '\(name)', which is none of \(known.joined(separator: ", "))"
        case .wrongOrder(let name, let place): "'\(place)' is made from '\(name)', which must stand above it"
        case .unknownText(let name, let place):
            "'\(place)' is calibrated with '\(name)', which 'calibration' does not have (general, own)"
        case .noText(let name): "'\(name)': awq-lite needs a calibration text; write calibration: own"
        }
    }
}
