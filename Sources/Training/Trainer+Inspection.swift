import Compute

// What tests look at.
extension Trainer {
    /// Computes gradients without a step; returns the loss.
    package func gradients(of batches: [TrainingBatch]) throws -> Double {
        combined(try accumulateGradients(batches).1)
    }

    /// The gradient of a trained tensor, by its name in the checkpoint or the adapter.
    package func gradient(_ name: String) -> [Float]? {
        block.parameters.first { $0.name == name }.map {
            Array(UnsafeBufferPointer(start: block.gradients + $0.range.lowerBound, count: $0.range.count))
        }
    }

    /// A trained tensor's master values, by its name in the checkpoint or the adapter.
    package func values(_ name: String) -> [Float]? {
        block.parameters.first { $0.name == name }.map {
            Array(UnsafeBufferPointer(start: block.values + $0.range.lowerBound, count: $0.range.count))
        }
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
