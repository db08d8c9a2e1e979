import Foundation
import JSON

/// How positions turn queries and keys: the base, the rotated part of a head, and the stretching for long contexts.
public struct RotaryConfiguration: Sendable, Equatable {
    /// How frequencies are stretched beyond the trained context.
    public enum Scaling: Sendable, Equatable {
        /// Not at all.
        case none
        /// All frequencies divided by a factor.
        case linear(factor: Double)
        /// Llama 3.1: low frequencies divided by a factor, high ones kept, a blend between.
        case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalPositions: Int)
        /// YaRN; parsed so that it can be named, not computed.
        case yarn(factor: Double, originalPositions: Int?)
    }

    /// The base of the geometric series of frequencies (`rope_theta`).
    public let base: Double
    /// How many of a head's dimensions are rotated, pairs (i, i + rotaryDimensions / 2); even.
    public let rotaryDimensions: Int
    /// Stretching for long contexts.
    public let scaling: Scaling
    private let file: String

    /// Radians per position of each rotated pair, fastest first: `rotaryDimensions / 2` numbers.
    ///
    /// - Throws: ``CheckpointError`` of kind `unsupported` for a scaling that is not implemented.
    public func inverseFrequencies() throws(CheckpointError) -> [Double] {
        let plain = (0..<rotaryDimensions / 2).map { pow(base, -Double(2 * $0) / Double(rotaryDimensions)) }
        switch scaling {
        case .none: return plain
        case .linear(let factor): return plain.map { $0 / factor }
        case .llama3(let factor, let low, let high, let positions):
            return plain.map { frequency in
                let wavelength = 2 * Double.pi / frequency
                let turns = Double(positions) / wavelength
                if turns < low { return frequency / factor }
                if turns > high { return frequency }
                let blend = (turns - low) / (high - low)
                return (1 - blend) * frequency / factor + blend * frequency
            }
        case .yarn:
            throw CheckpointError(
                .unsupported, file: file,
                "found rope_type yarn; implemented are default, linear and llama3. If the context may be short, remove "
                    + "rope_scaling from config.json and lower max_position_embeddings to the original length")
        }
    }
}

extension RotaryConfiguration {
    /// Reads `rope_parameters`, or the older `rope_theta` and `rope_scaling`.
    init(_ reader: ConfigurationReader, headSize: Int) throws(CheckpointError) {
        let nested = reader["rope_parameters"]?.object ?? reader["rope_scaling"]?.object ?? JSONObject()
        let rope = ConfigurationReader(file: reader.file, levels: [nested] + reader.levels)
        file = reader.file
        base = try rope.positive("rope_theta") ?? 10_000
        let part = try rope.positive("partial_rotary_factor") ?? 1
        guard part <= 1 else { throw reader.failure("found partial_rotary_factor \(part), expected at most 1") }
        rotaryDimensions = Int(Double(headSize) * part)
        guard rotaryDimensions > 0, rotaryDimensions.isMultiple(of: 2) else {
            throw reader.failure(
                "\(rotaryDimensions) of \(headSize) head dimensions would be rotated; expected an even number")
        }
        scaling = try Self.scaling(rope)
    }

    private static func scaling(_ rope: ConfigurationReader) throws(CheckpointError) -> Scaling {
        func factor(_ key: String) throws(CheckpointError) -> Double {
            guard let value = try rope.positive(key) else {
                throw rope.failure(.missing, "its rope parameters have no \(key)")
            }
            return value
        }
        switch try rope.string("rope_type", "type") ?? "default" {
        case "default": return .none
        case "linear": return .linear(factor: try factor("factor"))
        case "llama3":
            let low = try factor("low_freq_factor")
            let high = try factor("high_freq_factor")
            guard low < high else {
                throw rope.failure("found low_freq_factor \(low), expected below high_freq_factor \(high)")
            }
            guard let original = try rope.size("original_max_position_embeddings", "max_position_embeddings") else {
                throw rope.failure(.missing, "its rope parameters have no original_max_position_embeddings")
            }
            return .llama3(
                factor: try factor("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
                originalPositions: original)
        case "yarn":
            return .yarn(
                factor: try factor("factor"), originalPositions: try rope.size("original_max_position_embeddings"))
        case let type:
            throw rope.failure(.unsupported, "found rope_type \(type); implemented are default, linear and llama3")
        }
    }
}
