import Compute
import Foundation

/// What training will take, before it is taken.
public struct MemoryEstimate: Sendable, Equatable {
    /// Masters, gradients and moments.
    public let parameterBytes: Int
    /// Packed working copies.
    public let workingBytes: Int
    /// What a batch of that many tokens leaves for its backward pass.
    public let activationBytes: Int
    /// All together.
    public var totalBytes: Int { parameterBytes + workingBytes + activationBytes }

    init(table: ParameterTable, options: TrainerOptions, tokensPerBatch tokens: Int) {
        let unit = options.precision == .bfloat16 ? 2 : 4
        let matrices = table.linears.reduce(0) { $0 + $1.rowCount * $1.columns }
        let isTied = table.linears.contains { $0.parts[0].name == table.embedding?.name }
        let embedding = isTied ? 0 : (table.embedding.map { $0.rows * $0.columns } ?? 0)
        let values =
            matrices + embedding + table.norms.reduce(0) { $0 + $1.columns }
            + table.arrays.reduce(0) { $0 + $1.count }
        let body = table.linears.reduce(0) { $0 + ($1.role == .body ? $1.rowCount * $1.columns : 0) }
        let largest = table.linears.reduce(0) { $1.role == .body ? max($0, $1.rowCount * $1.columns) : $0 }
        if let lora = options.lora {
            let adapted = table.linears.lazy.filter { $0.role == .body }.flatMap { linear in
                linear.parts.map { ($0.name, $0.rows + linear.columns) }
            }
            let adapters = adapted.reduce(0) { $0 + (lora.includes($1.0) ? $1.1 * lora.rank : 0) }
            parameterBytes = (values - body + largest) * 4 + adapters * 16
        } else {
            let learnsScales = options.fakeQuantization?.gradient == .learnedScale
            parameterBytes = values * 16 + (learnsScales ? LearnedScales.byteCount(weights: body) : 0)
        }
        let teacher = options.distillation == nil ? 0 : (values - body) * 4 + matrices * unit
        // Packed for the way forward, and for the way back where there is one.
        let below = table.linears.reduce(0) {
            $0 + (options.lora?.liesBelow($1) == true ? $1.rowCount * $1.columns : 0)
        }
        workingBytes = (2 * matrices - below) * unit + teacher
        // A layer keeps the packed input and the fp32 output of every product, and twice the residual stream; one below all
        // adapters keeps nothing.
        let perToken = table.linears.filter { $0.role == .body && options.lora?.liesBelow($0) != true }
            .reduce(0) { $0 + $1.columns * (unit + 4) + $1.rowCount * 4 }
        let kept = options.checkpointsActivations ? perToken / 6 : perToken
        let vocabulary = table.linears.last { $0.role == .head }?.rowCount ?? 0
        let chunk = min(options.lossRows(vocabulary: vocabulary), tokens)
        activationBytes = kept * tokens + chunk * vocabulary * (4 + 2 * unit + (options.distillation == nil ? 0 : 4))
    }

    func requireAvailable() throws(TrainingError) {
        guard let available = Self.availableBytes(), totalBytes > available else { return }
        throw .outOfMemory(neededBytes: totalBytes, availableBytes: available)
    }

    /// What Linux says can be had without swapping; nil elsewhere.
    private static func availableBytes() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
}

extension Trainer {
    /// What training on batches of that many tokens takes.
    public func memoryEstimate(tokensPerBatch: Int) -> MemoryEstimate {
        MemoryEstimate(table: definition.parameters, options: options, tokensPerBatch: tokensPerBatch)
    }
}
