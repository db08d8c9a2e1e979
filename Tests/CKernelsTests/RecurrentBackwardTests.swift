import CKernels
import Foundation
import Testing

/// Compares a gradient with central differences of a loss in double precision, along random directions.
///
/// A wrong element changes the derivative along nearly every direction.
func expectGradient(
    _ gradient: [Float], of parameter: [Double], seed: UInt64, _ name: String, loss: ([Double]) -> Double
) {
    var generator = SeededGenerator(seed)
    let size = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(gradient.count == parameter.count && size > 0, "\(name)")
    for _ in 0..<3 {
        let direction = generator.normals(parameter.count).map(Double.init)
        let step = 1e-5
        let ahead = loss(zip(parameter, direction).map { $0 + step * $1 })
        let behind = loss(zip(parameter, direction).map { $0 - step * $1 })
        let analytic = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * $1.1 }
        #expect(abs((ahead - behind) / (2 * step) - analytic) < 2e-5 * size, "\(name)")
    }
}

private func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

extension Kernels {
    @Suite struct RecurrentBackward {
        /// Rows within a span, at its edge and across several.
        @Test(
            arguments: instructionSets,
            [[1, 2, 7, 5, 5], [2, 4, 16, 16, 32], [2, 2, 20, 33, 33], [1, 3, 8, 4, 101], [1, 1, 128, 20, 40]])
        func gatedDeltasGradientsAreThoseOfItsFormula(isa: annie_isa, size: [Int]) {
            let reference = Recurrent.reference(size, rows: size[4], seed: 80)
            var generator = SeededGenerator(81)
            let dout = generator.normals(reference.rows * reference.outputColumns)
            let dstate = generator.normals(reference.state.count)
            func loss(_ change: (inout DeltaReference) -> Void) -> Double {
                var changed = reference
                change(&changed)
                let result = changed.run()
                return product(result.output, dout.map(Double.init)) + product(result.state, dstate.map(Double.init))
            }
            let gradients = Kernels.with(isa) {
                DeltaGradients(reference, dout: dout, dstate: dstate.map(Double.init), pool: nil)
            }
            expectGradient(gradients.qkv, of: reference.qkv, seed: 82, "qkv") { qkv in loss { $0.qkv = qkv } }
            expectGradient(gradients.update, of: reference.update, seed: 83, "b") { b in loss { $0.update = b } }
            expectGradient(gradients.decay, of: reference.decay, seed: 84, "a") { a in loss { $0.decay = a } }
            expectGradient(gradients.logRate, of: reference.logRate, seed: 85, "A_log") { x in loss { $0.logRate = x } }
            expectGradient(gradients.stepBias, of: reference.stepBias, seed: 86, "dt_bias") { x in
                loss { $0.stepBias = x }
            }
            expectGradient(reference.fromKernel(gradients.state), of: reference.state, seed: 87, "state") { x in
                loss { $0.state = x }
            }
        }

        @Test func gatedDeltasGradientsAreTheSameBitsWithAnyNumberOfThreads() {
            let reference = Recurrent.reference([4, 8, 16, 24], rows: 70, seed: 88)
            var generator = SeededGenerator(89)
            let dout = generator.normals(reference.rows * reference.outputColumns)
            let dstate = [Double](repeating: 0, count: reference.state.count)
            let pool = Pool(threads: 3)
            let alone = DeltaGradients(reference, dout: dout, dstate: dstate, pool: nil)
            let together = DeltaGradients(reference, dout: dout, dstate: dstate, pool: pool.pointer)
            #expect(alone == together)
        }

        @Test(arguments: instructionSets, [[9, 40, 4], [2, 17, 4], [1, 5, 8], [30, 16, 3], [6, 20, 1]])
        func convolutionsGradientsAreThoseOfItsFormula(isa: annie_isa, size: [Int]) {
            let reference = ConvolutionReference(rows: size[0], channels: size[1], kernel: size[2], seed: 90)
            var generator = SeededGenerator(91)
            let dy = generator.normals(reference.x.count)
            let dstate = generator.normals(reference.state.count)
            var dx = [Float](repeating: 9, count: reference.x.count)
            var dweight = [Float](repeating: 0, count: reference.weight.count)
            var stateGradient = dstate + [0]
            let state = reference.state.map(Float.init) + [0]
            Kernels.with(isa) {
                stateGradient.withUnsafeMutableBufferPointer { gradient in
                    state.withUnsafeBufferPointer { state in
                        var segment = annie_recurrent_backward_segment(
                            state: state.baseAddress, state_gradient: gradient.baseAddress, first_row: 0,
                            rows: reference.rows, parent: -1)
                        annie_causal_convolution_backward(
                            nil, &dx, size[1], &dweight, dy, size[1], reference.x.map(Float.init), size[1], &segment, 1,
                            size[1], size[2], reference.weight.map(Float.init))
                    }
                }
            }
            func loss(_ change: (inout ConvolutionReference) -> Void) -> Double {
                var changed = reference
                change(&changed)
                let result = changed.run()
                return product(result.output, dy.map(Double.init)) + product(result.state, dstate.map(Double.init))
            }
            expectGradient(dx, of: reference.x, seed: 92, "x") { x in loss { $0.x = x } }
            expectGradient(dweight, of: reference.weight, seed: 93, "weight") { w in loss { $0.weight = w } }
            guard size[2] > 1 else { return }
            expectGradient(Array(stateGradient.dropLast()), of: reference.state, seed: 94, "state") { s in
                loss { $0.state = s }
            }
        }

        @Test(arguments: instructionSets, [32, 21])
        func gatedHeadNormsGradientsAreThoseOfItsFormula(isa: annie_isa, dim: Int) {
            var generator = SeededGenerator(95)
            let (rows, heads) = (5, 2)
            let count = rows * heads * dim
            let (x, gate, weight) = (generator.normals(count), generator.normals(count), generator.normals(dim))
            let dy = generator.normals(count)
            var dx = dy
            var dgate = [Float](repeating: 0, count: count)
            var dweight = [Float](repeating: 0, count: dim)
            var scratch = [Float](repeating: 0, count: rows * heads)
            Kernels.with(isa) {
                // dx stands where dy did.
                dx.withUnsafeMutableBufferPointer { dx in
                    guard let place = dx.baseAddress else { return }
                    annie_gated_head_norm_backward(
                        nil, place, heads * dim, &dgate, heads * dim, &dweight, place, heads * dim, x, heads * dim,
                        gate,
                        heads * dim, rows, heads, dim, weight, 0.5, 1e-6, &scratch)
                }
            }
            func loss(_ x: [Double], _ gate: [Double], _ weight: [Double]) -> Double {
                var sum = 0.0
                for head in 0..<rows * heads {
                    let part = x[head * dim..<(head + 1) * dim]
                    let factor = 1 / (part.reduce(0) { $0 + $1 * $1 } / Double(dim) + 1e-6).squareRoot()
                    for i in 0..<dim {
                        let g = gate[head * dim + i]
                        let y = x[head * dim + i] * factor * (weight[i] + 0.5) * g / (1 + exp(-g))
                        sum += y * Double(dy[head * dim + i])
                    }
                }
                return sum
            }
            let (x64, gate64, weight64) = (x.map(Double.init), gate.map(Double.init), weight.map(Double.init))
            expectGradient(dx, of: x64, seed: 96, "x") { loss($0, gate64, weight64) }
            expectGradient(dgate, of: gate64, seed: 97, "gate") { loss(x64, $0, weight64) }
            expectGradient(dweight, of: weight64, seed: 98, "weight") { loss(x64, gate64, $0) }
        }

        @Test(arguments: instructionSets)
        func sigmoidGatesGradientsAreThoseOfItsFormula(isa: annie_isa) {
            var generator = SeededGenerator(99)
            let (x, gate, dy) = (generator.normals(90), generator.normals(90), generator.normals(90))
            var dx = dy
            var dgate = x
            Kernels.with(isa) { annie_sigmoid_gate_backward(nil, &dx, 30, &dgate, 30, dy, 30, x, 30, gate, 30, 3, 30) }
            func loss(_ x: [Double], _ gate: [Double]) -> Double {
                product(zip(x, gate).map { $0 / (1 + exp(-$1)) }, dy.map(Double.init))
            }
            let (x64, gate64) = (x.map(Double.init), gate.map(Double.init))
            expectGradient(dx, of: x64, seed: 100, "x") { loss($0, gate64) }
            expectGradient(dgate, of: gate64, seed: 101, "gate") { loss(x64, $0) }
        }
    }
}

/// What the backward kernel gives for a layer.
private struct DeltaGradients: Equatable {
    var qkv: [Float]
    var update: [Float]
    var decay: [Float]
    var logRate: [Float]
    var stepBias: [Float]
    /// In the kernel's layout.
    var state: [Float]

    init(_ reference: DeltaReference, dout: [Float], dstate: [Double], pool: OpaquePointer?) {
        qkv = [Float](repeating: 9, count: reference.qkv.count)
        update = [Float](repeating: 9, count: reference.update.count)
        decay = update
        logRate = [Float](repeating: 0, count: reference.valueHeads)
        stepBias = logRate
        state = reference.toKernel(dstate)
        let before = reference.toKernel(reference.state)
        let inputs = [reference.qkv, reference.update, reference.decay, reference.logRate, reference.stepBias]
            .map { $0.map(Float.init) }
        let heads = reference.valueHeads
        var shape = reference.shape
        withUnsafePointer(to: &shape) { shape in
            withPointers(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], before) { pointers in
                var parameters = annie_delta_inputs(
                    shape: shape, qkv: pointers[0], b: pointers[1], a: pointers[2], ldqkv: reference.columns,
                    ldb: heads,
                    lda: heads, a_log: pointers[3], dt_bias: pointers[4])
                let results = [qkv, update, decay, logRate, stepBias, state].map { array in
                    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: array.count)
                    _ = buffer.initialize(from: array)
                    return buffer
                }
                var gradients = annie_delta_gradients(
                    qkv: results[0].baseAddress, b: results[1].baseAddress, a: results[2].baseAddress,
                    ldqkv: reference.columns, ldb: heads, lda: heads, a_log: results[3].baseAddress,
                    dt_bias: results[4].baseAddress)
                var segment = annie_recurrent_backward_segment(
                    state: pointers[5], state_gradient: results[5].baseAddress, first_row: 0,
                    rows: reference.rows, parent: -1)
                let scratch = AlignedBuffer(annie_gated_delta_backward_scratch_size(pool, shape, &segment, 1))
                annie_gated_delta_backward(
                    pool, &gradients, dout, reference.outputColumns, &parameters, &segment, 1, scratch.bytes)
                (qkv, update, decay) = (Array(results[0]), Array(results[1]), Array(results[2]))
                (logRate, stepBias, state) = (Array(results[3]), Array(results[4]), Array(results[5]))
                for result in results { result.deallocate() }
            }
        }
    }
}

private func withPointers(_ arrays: [Float]..., body: ([UnsafePointer<Float>?]) -> Void) {
    let buffers = arrays.map { array in
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: array.count)
        _ = buffer.initialize(from: array)
        return buffer
    }
    body(buffers.map { UnsafePointer($0.baseAddress) })
    for buffer in buffers { buffer.deallocate() }
}
