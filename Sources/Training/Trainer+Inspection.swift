import Compute
import Foundation

// What tests look at.
extension Trainer {
    /// Computes gradients without a step; returns the loss.
    package func gradients(of batches: [TrainingBatch]) throws -> Double {
        combined(try accumulateGradients(batches).1)
    }

    /// The gradient of a trained tensor, by its name in the checkpoint or the adapter.
    package func gradient(_ name: String) -> [Float]? {
        trained(name) { $0.gradients }
    }

    /// A trained tensor's master values, by its name in the checkpoint or the adapter.
    package func values(_ name: String) -> [Float]? {
        trained(name) { $0.values }
    }

    /// Writes the masters as they are.
    package func exportMasters(to destination: URL) throws {
        try exportUnquantized(to: destination, overwrites: false, isExact: { _ in true })
    }

    private func trained(
        _ name: String, _ floats: (TrainableBlock) -> UnsafeMutablePointer<Float>
    ) -> [Float]? {
        for block in blocks {
            guard let range = block.parameters.first(where: { $0.name == name })?.range else { continue }
            return Array(UnsafeBufferPointer(start: floats(block) + range.lowerBound, count: range.count))
        }
        return nil
    }

    /// The weights of a linear layer as the next forward multiplies with them, without the tensor's scale, and that scale.
    package func workingWeights(_ module: String) -> (values: [Float], scale: Float, inputScale: Float)? {
        weights.prepare(pool)
        for linear in definition.parameters.linears {
            var firstRow = 0
            for part in linear.parts {
                if part.name == module {
                    let working = weights.linears[linear.index]
                    let values = working.unpacked(firstRow..<firstRow + part.rows, precision: options.precision)
                    return (values, working.scale, working.inputScale)
                }
                firstRow += part.rows
            }
        }
        return nil
    }
}
