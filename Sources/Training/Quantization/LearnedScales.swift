import CKernels
import Compute

/// The trained part of ``FakeQuantization/StraightThrough/learnedScale``: of each block of 16 weights its range, the
/// magnitude that the largest code stands for (six steps), and the scale that e4m3 makes of it.
///
/// Ranges are kept rather than their logarithms: they have the unit of the weights, so at one learning rate AdamW moves
/// both at one pace and a range can follow its weights however small they are; and the first scale is that of the method
/// `max` to the bit.
final class LearnedScales {
    /// Ranges, `[rows, columns / 16]` of every part of a product, under the part's name and ``suffix``.
    let block: TrainableBlock
    private let bytes: MappedMemory
    /// The first block of each product, by its index.
    private let offsets: [Int: Int]
    private static let suffix = ".weight_range"
    private static let blockSize = 16
    /// Learned Step Size Quantization's, for 16 weights and a largest code of 6. AdamW divides it out again; what is left is
    /// that ranges do not outweigh the weights when the gradient is clipped to a norm.
    private static let gradientScale = 1 / Float(blockSize * 6).squareRoot()

    /// - Parameter linears: what is quantised.
    init(_ linears: [Linear]) {
        var parameters: [ParameterStore.Parameter] = []
        var offsets: [Int: Int] = [:]
        var next = 0
        for linear in linears {
            offsets[linear.index] = next
            for part in linear.parts {
                let shape = [part.rows, linear.columns / Self.blockSize]
                let range = next..<next + shape[0] * shape[1]
                parameters.append(.init(name: part.name + Self.suffix, shape: shape, range: range))
                next = range.upperBound
            }
        }
        self.offsets = offsets
        block = TrainableBlock(memory: MappedMemory(byteCount: next * 4), parameters: parameters)
        bytes = MappedMemory(byteCount: next)
    }

    /// Bytes for the blocks of so many weights: each a range, its gradient and two moments, and a scale.
    static func byteCount(weights: Int) -> Int { weights / blockSize * 17 }

    private func count(_ linear: Linear) -> Int { linear.rowCount * linear.columns / Self.blockSize }

    private func ranges(_ linear: Linear) -> UnsafeMutablePointer<Float> { block.values + (offsets[linear.index] ?? 0) }

    /// The e4m3 scales of a product's blocks, as they were last settled.
    func scales(_ linear: Linear) -> UnsafeMutablePointer<UInt8> {
        bytes.pointer.assumingMemoryBound(to: UInt8.self) + (offsets[linear.index] ?? 0)
    }

    /// Takes the ranges of a product from its weights.
    func begin(_ linear: Linear, weights: UnsafePointer<Float>, tensorScale: Float, workers: WorkerPool) {
        annie_train_learned_ranges(workers.handle, ranges(linear), weights, count(linear), tensorScale)
    }

    /// The largest range of a product.
    func amax(_ linear: Linear, workers: WorkerPool) -> Float {
        annie_amax_f32(workers.handle, ranges(linear), count(linear))
    }

    /// Makes the scales of a product anew from its ranges, which are first brought into what e4m3 can express.
    func settle(_ linear: Linear, tensorScale: Float, workers: WorkerPool) {
        annie_train_learned_scales(workers.handle, scales(linear), ranges(linear), count(linear), tensorScale)
    }

    /// The gradient of a product's ranges, from that of its weights, which becomes zero where they saturate.
    func backward(
        _ linear: Linear, weights: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>, tensorScale: Float,
        workers: WorkerPool
    ) {
        annie_train_learned_gradient(
            workers.handle, gradients, block.gradients + (offsets[linear.index] ?? 0), weights, scales(linear),
            count(linear), tensorScale, Self.gradientScale)
    }

    /// The scales of every module's blocks, as the exporter wants them.
    var byModule: [String: [UInt8]] {
        let all = bytes.pointer.assumingMemoryBound(to: UInt8.self)
        return Dictionary(
            uniqueKeysWithValues: block.parameters.map {
                let values = UnsafeBufferPointer(start: all + $0.range.lowerBound, count: $0.range.count)
                return (String($0.name.dropLast(Self.suffix.count)), Array(values))
            })
    }
}
