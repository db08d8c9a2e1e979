import Compute
import Foundation

extension Trainer {
    /// Of these tokens, those whose row of the head equals that of another of them, with that one. A model whose head is not
    /// trained gives both the same logit, whatever it learns.
    public func equalHeadRows(_ tokens: [Int32]) -> [Int32: Int32] {
        guard let head = definition.parameters.linears.first(where: { $0.role == .head }) else { return [:] }
        var first: [[Float]: Int32] = [:]
        var twins: [Int32: Int32] = [:]
        for token in tokens where token >= 0 && Int(token) < head.rowCount {
            let start = store.values + store.offset(head) + Int(token) * head.columns
            let row = Array(UnsafeBufferPointer(start: start, count: head.columns))
            if let twin = first[row] {
                twins[token] = twin
                if twins[twin] == nil { twins[twin] = token }
            } else {
                first[row] = token
            }
        }
        return twins
    }
}

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

    /// The names of everything that is trained.
    package var trainedNames: [String] { blocks.flatMap { $0.parameters.map(\.name) } }

    /// A trained tensor's master values, by its name in the checkpoint or the adapter.
    package func values(_ name: String) -> [Float]? {
        trained(name) { $0.values }
    }

    /// Memory that activations hold, in use or kept for the next step.
    package var activationBytes: Int { pool.byteCount }

    /// The most that it was.
    package var mostActivationBytes: Int { pool.mostBytes }

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
