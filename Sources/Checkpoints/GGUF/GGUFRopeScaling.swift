import Foundation

extension GGUFHyperparameters {
    /// The low and high frequency factors of every Llama 3 checkpoint; GGUF does not store them.
    static let llama3FrequencyFactors = (low: 1.0, high: 4.0)
    private static let llama3OriginalContext = 8192

    /// What the metadata, or a table of frequency factors in the tensors, say about stretching.
    static func ropeScaling(
        _ file: GGUFFile, _ prefix: String, _ model: GGUFHyperparameters
    ) throws(GGUFError) -> RopeScaling {
        if let table = file.tensor(named: "rope_freqs.weight") {
            return try llama3Scaling(try file.float32(table), model)
        }
        let metadata = file.metadata
        switch try metadata.string(prefix + "rope.scaling.type") ?? "none" {
        case "none": return .none
        case "linear":
            guard let factor = try metadata.double(prefix + "rope.scaling.factor"), factor > 0 else {
                throw .missingKey(prefix + "rope.scaling.factor")
            }
            return .linear(factor: factor)
        case let type:
            throw .unsupportedFeature("rope scaling of type '\(type)'; supported are none, linear and llama3")
        }
    }

    /// The factors by which Llama 3.1 divides the rotary frequencies, fastest first, as `rope_freqs.weight` holds them.
    func llama3FrequencyTable(factor: Double, originalContext: Int) -> [Float] {
        let (low, high) = Self.llama3FrequencyFactors
        let context = Double(originalContext)
        return (0..<headSize / 2).map { pair in
            let wavelength = 2 * Double.pi * pow(ropeBase, 2 * Double(pair) / Double(headSize))
            if wavelength < context / high { return 1 }
            if wavelength > context / low { return Float(factor) }
            let blend = (context / wavelength - low) / (high - low)
            return Float(1 / ((1 - blend) / factor + blend))
        }
    }

    /// Recognises the table by recomputing it, since the constants behind it are not in the file.
    private static func llama3Scaling(_ table: [Float], _ model: Self) throws(GGUFError) -> RopeScaling {
        let factor = Double(table.max() ?? 1)
        let expected = model.llama3FrequencyTable(factor: factor, originalContext: llama3OriginalContext)
        let agrees =
            expected.count == table.count
            && zip(expected, table).allSatisfy { abs($0 - $1) <= 1e-3 * abs($1) }
        guard agrees else {
            throw .unsupportedFeature("a table of rotary frequency factors (rope_freqs.weight) that is not Llama 3's")
        }
        return factor == 1 ? .none : .llama3(factor: factor, originalContext: llama3OriginalContext)
    }
}
