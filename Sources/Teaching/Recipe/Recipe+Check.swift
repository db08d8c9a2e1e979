extension Recipe {
    // A file's and the command line's alike.
    static let epochRange = 1...10_000
    static let learningRateRange = 1e-9...1.0
    static let batchTokenRange = 16...1 << 20

    /// Refuses numbers that nothing can be taught with, wherever they came from.
    ///
    /// - Throws: ``TeachingError``.
    public func check() throws(TeachingError) {
        try Self.require(epochs, in: Self.epochRange, "epochs")
        try Self.require(learningRate, in: Self.learningRateRange, "a learning rate")
        try Self.require(batchTokens, in: Self.batchTokenRange, "tokens of a batch")
    }

    private static func require<Number: Comparable & Sendable>(
        _ value: Number, in range: ClosedRange<Number>, _ what: String
    ) throws(TeachingError) {
        guard !range.contains(value) else { return }
        throw .badRecipe("found \(value) as \(what), expected \(range.lowerBound) to \(range.upperBound)")
    }

    /// What a run that goes on must have in common with how it began, beside its batches.
    var arithmetic: String {
        var parts = ["method \(method.rawValue)", "rounding \(rounding.rawValue)", "loss \(loss.rawValue)"]
        if method == .lora {
            parts.append("rank \(lowRank.rank) and alpha \(lowRank.alpha)")
            if lowRank.firstLayer > 0 { parts.append("from layer \(lowRank.firstLayer) on") }
        }
        if rounding != .none {
            parts.append("scales \(scales.rawValue)")
            if straightThrough != .identity { parts.append("\(straightThrough.rawValue) at \(scaleRate)") }
            if !exclusions.isEmpty { parts.append("without \(exclusions.joined(separator: " "))") }
        }
        if let distillation { parts.append("distillation of weight \(distillation.weight)") }
        return parts.joined(separator: ", ")
    }
}
