import CKernels
import Foundation
import Testing

extension Kernels {
    @Suite struct Recurrent {
        /// Key heads, value heads, key features, value features: the published sizes, the tiny ones, and odd ones.
        static let shapes = [[1, 3, 128, 128], [2, 4, 32, 32], [2, 6, 24, 40], [1, 2, 7, 5], [3, 3, 16, 17]]

        static func reference(_ shape: [Int], rows: Int, seed: UInt64 = 70) -> DeltaReference {
            DeltaReference(
                keyHeads: shape[0], valueHeads: shape[1], keyDim: shape[2], valueDim: shape[3], rows: rows, seed: seed)
        }

        @Test(arguments: instructionSets, shapes)
        func gatedDeltaFollowsItsFormula(isa: annie_isa, shape: [Int]) {
            let reference = Self.reference(shape, rows: 37)
            let expected = reference.run()
            let result = Kernels.with(isa) { reference.runKernel(cuts: [37]) }
            #expect(relativeError(result.output, expected.output) < 2e-6)
            #expect(relativeError(reference.fromKernel(result.state), expected.state) < 2e-6)
        }

        @Test(arguments: instructionSets, shapes)
        func gatedDeltaGivesTheSameBitsHoweverItIsCut(isa: annie_isa, shape: [Int]) {
            let reference = Self.reference(shape, rows: 70)
            let pool = Pool(threads: 3)
            Kernels.with(isa) {
                let whole = reference.runKernel(cuts: [70])
                for cuts in [Array(repeating: 1, count: 70), [64, 6], [1, 69], [33, 0, 37]] {
                    let parts = reference.runKernel(cuts: cuts, pool: pool.pointer)
                    #expect(parts.output.bitPatterns == whole.output.bitPatterns, "cut as \(cuts)")
                    #expect(parts.state.bitPatterns == whole.state.bitPatterns, "cut as \(cuts)")
                }
            }
        }

        @Test(arguments: instructionSets)
        func gatedDeltaKeepsSequencesOfABatchApart(isa: annie_isa) {
            let one = Self.reference([2, 4, 32, 32], rows: 5, seed: 71)
            var two = Self.reference([2, 4, 32, 32], rows: 8, seed: 72)
            // The same layer.
            (two.logRate, two.stepBias) = (one.logRate, one.stepBias)
            var both = two
            both.rows = 13
            both.qkv = one.qkv + two.qkv
            both.update = one.update + two.update
            both.decay = one.decay + two.decay
            var firstState = one.toKernel(one.state)
            var secondState = two.toKernel(two.state)
            var output = [Float](repeating: 0, count: 13 * 128)
            var shape = both.shape
            let scratch = AlignedBuffer(annie_gated_delta_scratch_size(&shape, 13))
            Kernels.with(isa) {
                firstState.withUnsafeMutableBufferPointer { first in
                    secondState.withUnsafeMutableBufferPointer { second in
                        let segments = [
                            annie_recurrent_segment(state: first.baseAddress, first_row: 0, rows: 5),
                            annie_recurrent_segment(state: second.baseAddress, first_row: 5, rows: 8),
                        ]
                        annie_gated_delta(
                            nil, &output, 128, both.qkv.map(Float.init), both.columns, both.update.map(Float.init), 4,
                            both.decay.map(Float.init), 4, segments, 2, &shape, both.logRate.map(Float.init),
                            both.stepBias.map(Float.init), scratch.bytes)
                    }
                }
                let alone = [one.runKernel(cuts: [5]), two.runKernel(cuts: [8])]
                #expect(output == alone[0].output + alone[1].output)
                #expect([firstState, secondState] == alone.map(\.state))
            }
        }

        @Test(arguments: instructionSets, [(100, 4), (16, 4), (5, 4), (40, 3), (33, 8), (20, 1)])
        func convolutionFollowsItsFormula(isa: annie_isa, size: (channels: Int, kernel: Int)) {
            let reference = ConvolutionReference(rows: 23, channels: size.channels, kernel: size.kernel, seed: 73)
            let expected = reference.run()
            let result = Kernels.with(isa) { reference.runKernel(cuts: [23]) }
            #expect(relativeError(result.output, expected.output) < 1e-6)
            #expect(result.state.map(Double.init) == expected.state)
        }

        @Test(arguments: instructionSets)
        func convolutionGivesTheSameBitsHoweverItIsCut(isa: annie_isa) {
            let reference = ConvolutionReference(rows: 50, channels: 1000, kernel: 4, seed: 74)
            let pool = Pool(threads: 3)
            Kernels.with(isa) {
                let whole = reference.runKernel(cuts: [50])
                for cuts in [Array(repeating: 1, count: 50), [2, 1, 0, 47], [48, 2]] {
                    let parts = reference.runKernel(cuts: cuts, pool: pool.pointer)
                    #expect(parts.output == whole.output && parts.state == whole.state, "cut as \(cuts)")
                }
            }
        }

        @Test(arguments: instructionSets, [128, 17])
        func gatedHeadNormIsTheNormTimesSiluOfTheGate(isa: annie_isa, dim: Int) {
            var generator = SeededGenerator(75)
            let x = generator.normals(3 * 2 * dim)
            let gate = generator.normals(3 * 2 * dim, scale: 3)
            let weight = generator.normals(dim)
            var y = x
            Kernels.with(isa) {
                annie_gated_head_norm(nil, &y, 2 * dim, gate, 2 * dim, 3, 2, dim, weight, 0, 1e-6)
            }
            var expected: [Double] = []
            for head in 0..<6 {
                let part = x[head * dim..<(head + 1) * dim].map(Double.init)
                let factor = 1 / (part.reduce(0) { $0 + $1 * $1 } / Double(dim) + 1e-6).squareRoot()
                for i in 0..<dim {
                    let g = Double(gate[head * dim + i])
                    expected.append(part[i] * factor * Double(weight[i]) * g / (1 + exp(-g)))
                }
            }
            #expect(relativeError(y, expected) < 1e-6)
        }

        @Test(arguments: instructionSets)
        func sigmoidGateMultiplies(isa: annie_isa) {
            var generator = SeededGenerator(76)
            let x = generator.normals(3 * 50)
            let gate = generator.normals(3 * 50, scale: 3)
            var y = x
            Kernels.with(isa) { annie_sigmoid_gate(nil, &y, 50, gate, 50, 3, 50) }
            let expected = zip(x, gate).map { Double($0) / (1 + exp(-Double($1))) }
            #expect(relativeError(y, expected) < 1e-6)
        }

        @Test func headsAreTakenApartAndJoined() {
            var generator = SeededGenerator(77)
            let x = generator.normals(3 * 40)
            var first = [Float](repeating: 0, count: 3 * 20)
            var second = first
            annie_split_heads(nil, &first, &second, x, 40, 3, 4, 5)
            #expect(Array(first[20..<25]) == Array(x[40..<45]) && Array(second[20..<25]) == Array(x[45..<50]))
            #expect(Array(first[25..<30]) == Array(x[50..<55]))
            var joined = [Float](repeating: 0, count: 120)
            annie_join_heads(nil, &joined, 40, first, 20, second, 20, 3, 4, 5)
            #expect(joined == x)
        }
    }
}
