import CKernels
import Compute
import Foundation
import NVFP4

/// The matrices of one product, and how far their output is from the true one when the inputs' features are scaled before
/// they are rounded (AWQ, https://arxiv.org/abs/2306.00978).
struct ScaledMatrices {
    /// Output features of all matrices together, row after row: `[rows, columns]`.
    var values: [Float]
    let columns: Int
    /// What each row was divided by, because the next layer's inputs are scaled; errors are counted as they would be
    /// without.
    var rowScales: [Float]
    /// Inputs that errors are measured on, `[sampledRows, columns]`.
    let sample: [Float]
    let workers: WorkerPool

    private var rows: Int { values.count / columns }

    /// Squared error of the output over the sample: of `x/s` times the rounded `w*s`, against `x` times `w`.
    func error(scales: [Float]) -> Double {
        let difference = difference(scales: scales)
        let samples = sample.count / columns
        let precision = ANNIE_TRAIN_BF16
        let left = UnsafeMutableRawPointer.allocate(
            byteCount: annie_train_left_size(precision, samples, columns), alignment: 64)
        let right = UnsafeMutableRawPointer.allocate(
            byteCount: annie_train_right_size(precision, columns, rows), alignment: 64)
        var output = [Float](repeating: 0, count: samples * rows)
        defer {
            left.deallocate()
            right.deallocate()
        }
        sample.withUnsafeBufferPointer {
            let source = annie_train_source(values: $0.baseAddress, is_bf16: false, stride: columns)
            annie_train_pack_left(workers.handle, precision, left, source, samples, columns)
        }
        difference.withUnsafeBufferPointer {
            let source = annie_train_source(values: $0.baseAddress, is_bf16: false, stride: columns)
            annie_train_pack_right_transposed(workers.handle, precision, right, source, columns, rows)
        }
        output.withUnsafeMutableBufferPointer {
            annie_train_multiply(
                workers.handle, precision, left, samples, right, columns, rows, 1, false, $0.baseAddress, rows)
        }
        return output.reduce(0) { $0 + Double($1) * Double($1) }
    }

    /// What rounding changes of each weight, `[rows, columns]`, as the unscaled input meets it.
    private func difference(scales: [Float]) -> [Float] {
        let scaled = scaled(by: scales)
        let tensorScale = NVFP4Format.tensorScale(amax: scaled.reduce(0) { max($0, $1.magnitude) })
        var result = [Float](repeating: 0, count: scaled.count)
        result.withUnsafeMutableBufferPointer { result in
            annie_train_fake_quantize(
                workers.handle, result.baseAddress, false, scaled, columns, rows, columns, tensorScale, ANNIE_NVFP4_MAX,
                nil)
            values.withUnsafeBufferPointer { values in
                let inverse = scales.map { tensorScale / $0 }
                for row in 0..<rows {
                    let rowScale = rowScales[row]
                    for column in 0..<columns {
                        let index = row * columns + column
                        result[index] = (result[index] * inverse[column] - values[index]) * rowScale
                    }
                }
            }
        }
        return result
    }

    /// The weights for inputs that were divided by the scales.
    func scaled(by scales: [Float]) -> [Float] {
        var result = values
        result.withUnsafeMutableBufferPointer { result in
            for row in 0..<rows {
                for column in 0..<columns { result[row * columns + column] *= scales[column] }
            }
        }
        return result
    }

    /// The scales among powers of the inputs' mean magnitude with the least error; the first, of power 0, changes nothing.
    ///
    /// - Parameters:
    ///   - magnitudes: of each input feature; features with the same value get the same scale.
    ///   - settle: what of a scale can be folded exactly.
    func best(magnitudes: [Float], settle: ([Float]) -> [Float]) -> (scales: [Float], error: Double, unscaled: Double) {
        let steps = 10
        var best: (scales: [Float], error: Double)?
        var unscaled = 0.0
        for step in 0...steps {
            let scales = settle(Self.scales(magnitudes, power: Float(step) / Float(steps)))
            let error = error(scales: scales)
            if step == 0 { unscaled = error }
            if error < best?.error ?? .infinity { best = (scales, error) }
        }
        return (best?.scales ?? magnitudes.map { _ in 1 }, best?.error ?? unscaled, unscaled)
    }

    /// `magnitude ^ power`, around 1.
    static func scales(_ magnitudes: [Float], power: Float) -> [Float] {
        let powers = magnitudes.map { pow(max($0, 1e-6), power) }
        let least = powers.min() ?? 1, most = powers.max() ?? 1
        let middle = (least * most).squareRoot()
        return powers.map { min(max($0 / middle, 1e-4), 1e4) }
    }
}
