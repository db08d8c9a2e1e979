import Calibration
import Checkpoints
import Companion
import Compute
import Foundation
import JSON
import Teaching
import Tokenization

/// Makes the models of a comparison, each once: what is there from a run that was broken off is taken as it is.
struct VariantMaker {
    let comparison: Comparison
    /// The base model.
    let base: URL
    /// Where models are kept, each under its variant's slug.
    let folder: URL
    let threads: Int

    /// A model on the disk, and how long it was taught, what it goes on from included.
    struct Made {
        var directory: URL
        var trainingSeconds: Double?
    }

    /// The variant's model, made now if it is not there.
    func make(_ variant: Variant) throws -> Made {
        let directory = folder.appending(path: variant.slug)
        let record = folder.appending(path: "\(variant.slug).json")
        let definition = comparison.definition(of: variant)
        if let data = FileManager.default.contents(atPath: record.path), let json = try? JSONValue(parsing: data),
            json["definition"]?.string == definition, FileManager.default.fileExists(atPath: directory.path)
        {
            return Made(directory: directory, trainingSeconds: json["training_seconds"]?.double)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: record)
        try? FileManager.default.removeItem(at: directory)
        let seconds = try make(variant, at: directory)
        let json: JSONValue = [
            "name": .string(variant.name), "training_seconds": seconds.map(JSONValue.number) ?? .null,
            "definition": .string(definition),
        ]
        try Data((json.text(.pretty) + "\n").utf8).write(to: record, options: .atomic)
        return Made(directory: directory, trainingSeconds: seconds)
    }

    private func make(_ variant: Variant, at directory: URL) throws -> Double? {
        switch variant.origin {
        case .base:
            try linkBase(directory)
            return nil
        case .taught(let recipe, let from):
            let start = try from.map { try made($0) }
            let teacher = try recipe.teacher.map { try made($0).directory }
            let seconds = try teach(recipe, base: start?.directory ?? base, teacher: teacher, at: directory)
            return seconds + (start?.trainingSeconds ?? 0)
        case .quantized(let of, let method, let text):
            let source = try made(of)
            try quantize(source.directory, to: directory, method, text)
            return source.trainingSeconds
        case .adapterBesideQuantized(let recipe, let text):
            return try teachBesideQuantized(recipe, text, at: directory)
        }
    }

    /// What another variant's name stands for; any other name is a directory's.
    private func made(_ name: String) throws -> Made {
        guard let variant = comparison.variant(name) else { return Made(directory: URL(filePath: name)) }
        return try make(variant)
    }

    // MARK: Ways

    /// The base's files under another name, with the template that the taught ones have: all rows get the same prompt.
    private func linkBase(_ directory: URL) throws {
        let files = FileManager.default
        try files.createDirectory(at: directory, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: base.path) where !name.hasPrefix(".") {
            try files.createSymbolicLink(
                at: directory.appending(path: name),
                withDestinationURL: base.appending(path: name).resolvingSymlinksInPath())
        }
        guard let template = comparison.recipe.chatTemplate else { return }
        let own = directory.appending(path: "chat_template.jinja")
        try? files.removeItem(at: own)
        try files.copyItem(at: URL(filePath: template), to: own)
    }

    private func teach(_ recipe: Recipe, base: URL, teacher: URL?, at directory: URL) throws -> Double {
        var recipe = recipe
        recipe.output = directory.path
        let run = try TeachingRun(
            recipe: recipe, base: base, teacher: teacher, workers: WorkerPool(threads: threads))
        note(run.plan.text)
        var display = TeachingDisplay(plan: run.plan, writesJSON: false)
        let result = try run.run(onEvent: { display.show($0) })
        let tools = BuiltinTools.all(store: try CompanionStore(inMemoryWithClock: { Date() }), search: nil)
        try run.export(tools: tools.map(\.definition), overwrites: true)
        try run.report(result, examples: [])
        run.removeCheckpoints()
        return result.seconds
    }

    private func quantize(_ source: URL, to directory: URL, _ method: PTQMethod, _ text: String?) throws {
        var options = QuantizationOptions()
        options.threads = threads
        options.overwrites = true
        try quantizeModel(
            source, to: directory, method: method, calibration: try text.map { try sequences($0, source) } ?? [],
            options: options)
    }

    private func sequences(_ text: String, _ model: URL) throws -> [[Int32]] {
        let files = CalibrationText(
            files: comparison.calibration[text] ?? [], tokens: comparison.calibrationTokens)
        return try files.sequences(
            model: model,
            template: try comparison.recipe.chatTemplate.map { path in
                try ChatTemplate(source: try String(contentsOfFile: path, encoding: .utf8))
            })
    }

    /// Base → NVFP4 → an adapter in full precision beside what the codes stand for → the sum → NVFP4 again.
    private func teachBesideQuantized(_ recipe: Recipe, _ text: String?, at directory: URL) throws -> Double {
        let work = folder.appending(path: ".\(directory.lastPathComponent).work")
        defer {
            try? FileManager.default.removeItem(at: work)
            try? FileManager.default.removeItem(at: TeachingRun.folder(for: work.appending(path: "merged").path))
        }
        try? FileManager.default.removeItem(at: work)
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        let codes = work.appending(path: "codes"), plain = work.appending(path: "plain")
        try quantize(base, to: codes, .max, nil)
        try Dequantizer(source: codes).run(to: plain)
        let merged = work.appending(path: "merged")
        let seconds = try teach(recipe, base: plain, teacher: nil, at: merged)
        try quantize(merged, to: directory, .max, text)
        return seconds
    }
}
