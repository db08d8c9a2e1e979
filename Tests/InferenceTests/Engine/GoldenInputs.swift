import Checkpoints
import Foundation

/// The token ids and logits that a tiny model's reference was made with.
enum GoldenInputs {
    private static func reference(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(path: TinyModel.fixtures.appending(path: "\(name)/reference.safetensors").path)
    }

    static func tokens(_ name: String) throws -> [Int32] {
        try reference(name).tensor("input_ids").withUnsafeBytes { bytes in
            bytes.bindMemory(to: Int64.self).map { Int32($0) }
        }
    }

    /// Mean log-probability of tokens 1… under the reference's logits.
    static func meanLogprob(_ name: String) throws -> Double {
        let tokens = try tokens(name)
        let logits = try reference(name).tensor("logits").floats().map(Double.init)
        let vocabulary = logits.count / tokens.count
        let scores = (1..<tokens.count).map { position in
            let row = logits[((position - 1) * vocabulary)..<(position * vocabulary)]
            let maximum = row.max() ?? 0
            let normalizer = maximum + log(row.reduce(0) { $0 + exp($1 - maximum) })
            return row[row.startIndex + Int(tokens[position])] - normalizer
        }
        return scores.reduce(0, +) / Double(scores.count)
    }
}
