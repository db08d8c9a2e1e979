import CKernels
import Foundation
import Testing

// Each backward against central differences of its operation, written plainly in double precision.
extension TrainingKernels {
    /// d/dx of `loss`, by central differences.
    static func differences(_ x: [Double], _ loss: ([Double]) -> Double) -> [Double] {
        x.indices.map { index in
            var (up, down) = (x, x)
            up[index] += 1e-5
            down[index] -= 1e-5
            return (loss(up) - loss(down)) / 2e-5
        }
    }

    @Test(arguments: instructionSets, [(1, 5), (3, 17), (40, 64)])
    func rmsNormBackwardEqualsDifferences(isa: annie_isa, shape: (rows: Int, columns: Int)) {
        let (rows, columns) = shape
        var numbers = Numbers(11)
        let (x, weight, dy) = (
            numbers.normals(rows * columns), numbers.normals(columns), numbers.normals(rows * columns)
        )
        func loss(_ x: [Double], _ weight: [Double]) -> Double {
            (0..<rows).reduce(0) { total, row in
                let r = row * columns..<(row + 1) * columns
                let scale = 1 / (x[r].reduce(0) { $0 + $1 * $1 } / Double(columns) + 1e-5).squareRoot()
                return total + r.reduce(0) { $0 + x[$1] * scale * (weight[$1 - r.lowerBound] + 1) * Double(dy[$1]) }
            }
        }
        let (wide, wideWeight) = (x.map(Double.init), weight.map(Double.init))
        var dx = [Float](repeating: 0.25, count: rows * columns)
        var dweight = [Float](repeating: 0.5, count: columns)
        Self.with(isa) {
            annie_train_rms_norm_backward(
                nil, &dx, columns, true, &dweight, dy, columns, x, columns, rows, 1, columns, weight, 1, 1e-5)
        }
        #expect(relativeError(dx.map { $0 - 0.25 }, Self.differences(wide) { loss($0, wideWeight) }) < 1e-4)
        #expect(relativeError(dweight.map { $0 - 0.5 }, Self.differences(wideWeight) { loss(wide, $0) }) < 1e-4)
    }

    @Test(arguments: instructionSets)
    func swigluBackwardEqualsDifferences(isa: annie_isa) {
        let (rows, columns) = (3, 19)
        var numbers = Numbers(12)
        // Gate and up side by side, as their product returns them.
        let (both, dy) = (numbers.normals(rows * columns * 2), numbers.normals(rows * columns))
        func loss(_ both: [Double]) -> Double {
            (0..<rows * columns).reduce(0) { total, index in
                let (row, column) = (index / columns, index % columns)
                let (gate, up) = (both[row * columns * 2 + column], both[row * columns * 2 + columns + column])
                return total + gate / (1 + exp(-gate)) * up * Double(dy[index])
            }
        }
        var gradient = [Float](repeating: .nan, count: both.count)
        Self.with(isa) {
            gradient.withUnsafeMutableBufferPointer { gradient in
                both.withUnsafeBufferPointer { both in
                    annie_train_swiglu_backward(
                        nil, gradient.baseAddress, gradient.baseAddress! + columns, false, dy, columns,
                        both.baseAddress, both.baseAddress! + columns, columns * 2, rows, columns)
                }
            }
        }
        #expect(relativeError(gradient, Self.differences(both.map(Double.init), loss)) < 1e-4)
    }

    @Test(arguments: instructionSets, [nil, 1, 2] as [Float?])
    func lossGradientsEqualDifferences(isa: annie_isa, temperature: Float?) {
        let (rows, columns) = (2, 37)
        var numbers = Numbers(13)
        let (logits, teacher) = (numbers.normals(rows * columns, scale: 2), numbers.normals(rows * columns, scale: 2))
        let targets: [Int32] = [36, 4]
        let (ceWeights, klWeights): ([Float], [Float]) = ([0.5, 2], [1.5, 0.25])
        func logSoftmax(_ x: ArraySlice<Double>, _ t: Double) -> [Double] {
            let sum = x.reduce(0) { $0 + exp($1 / t) }
            return x.map { $0 / t - log(sum) }
        }
        func rowLosses(_ x: [Double], _ row: Int) -> (ce: Double, kl: Double) {
            let r = row * columns..<(row + 1) * columns
            let ce = -logSoftmax(x[r], 1)[Int(targets[row])]
            guard let temperature else { return (ce, 0) }
            let t = Double(temperature)
            let (s, u) = (logSoftmax(x[r], t), logSoftmax(teacher.map(Double.init)[r], t))
            return (ce, zip(s, u).reduce(0) { $0 + exp($1.1) * ($1.1 - $1.0) } * t * t)
        }
        func loss(_ x: [Double]) -> Double {
            (0..<rows).reduce(0) {
                let losses = rowLosses(x, $1)
                return $0 + Double(ceWeights[$1]) * losses.ce + Double(klWeights[$1]) * losses.kl
            }
        }
        var (gradients, ce, kl) = (logits, [Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
        Self.with(isa) {
            gradients.withUnsafeMutableBufferPointer { gradients in
                teacher.withUnsafeBufferPointer { teacher in
                    targets.withUnsafeBufferPointer { targets in
                        ceWeights.withUnsafeBufferPointer { ceWeights in
                            klWeights.withUnsafeBufferPointer { klWeights in
                                ce.withUnsafeMutableBufferPointer { ce in
                                    kl.withUnsafeMutableBufferPointer { kl in
                                        var call = annie_train_loss(
                                            logits: gradients.baseAddress,
                                            teacher: temperature == nil ? nil : teacher.baseAddress, rows: rows,
                                            columns: columns, targets: targets.baseAddress,
                                            ce_weights: ceWeights.baseAddress, kl_weights: klWeights.baseAddress,
                                            temperature: temperature ?? 1, gradients: true, ce: ce.baseAddress,
                                            kl: kl.baseAddress)
                                        annie_train_loss_run(nil, &call)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        let wide = logits.map(Double.init)
        #expect(relativeError(gradients, Self.differences(wide, loss)) < 1e-4)
        #expect(relativeError(ce, (0..<rows).map { rowLosses(wide, $0).ce }) < 1e-5)
        #expect(relativeError(kl, (0..<rows).map { rowLosses(wide, $0).kl }) < 1e-4)
    }

    @Test(arguments: instructionSets)
    func adamWTakesTorchsStep(isa: annie_isa) {
        var numbers = Numbers(14)
        let count = 21
        let (values, gradients) = (numbers.normals(count), numbers.normals(count))
        var (p, m, v) = (values, [Float](repeating: 0.1, count: count), [Float](repeating: 0.2, count: count))
        var options = annie_train_adamw(
            learning_rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weight_decay: 0.1, bias_correction1: 0.19,
            bias_correction2: 0.0199, gradient_scale: 0.5)
        Self.with(isa) { annie_train_adamw_run(nil, &options, &p, gradients, &m, &v, count) }
        let expected = (0..<count).map { index -> Double in
            let g = Double(gradients[index]) * 0.5
            let (m, v) = (0.9 * 0.1 + 0.1 * g, 0.99 * 0.2 + 0.01 * g * g)
            return Double(values[index]) * (1 - 0.001)
                - 0.01 / 0.19 * m / (v.squareRoot() / 0.0199.squareRoot() + 1e-8)
        }
        #expect(relativeError(p, expected) < 1e-6)
    }
}
