import CKernels
import Foundation
import Testing

extension Kernels {
    @Suite struct Operations {
        @Test(arguments: instructionSets, [1, 16, 63, 64, 576, 1000])
        func rmsNormFollowsItsFormula(isa: annie_isa, columns: Int) {
            var generator = SeededGenerator(40)
            let x = generator.normals(3 * columns)
            let weight = generator.normals(columns)
            var y = [Float](repeating: 0, count: 3 * columns)
            Kernels.with(isa) { annie_rms_norm(nil, &y, columns, x, columns, 3, columns, weight, 1, 1e-5) }
            for row in 0..<3 {
                let part = x[row * columns..<(row + 1) * columns].map(Double.init)
                let scale = 1 / (part.reduce(0) { $0 + $1 * $1 } / Double(columns) + 1e-5).squareRoot()
                let expected = (0..<columns).map { part[$0] * scale * (Double(weight[$0]) + 1) }
                #expect(relativeError(Array(y[row * columns..<(row + 1) * columns]), expected) < 1e-6)
            }
        }

        @Test(arguments: instructionSets)
        func headNormIsRmsNormOfEachHead(isa: annie_isa) {
            var generator = SeededGenerator(41)
            let x = generator.normals(2 * 200)
            let weight = generator.normals(48)
            var y = x
            Kernels.with(isa) {
                annie_head_norm(nil, &y, 200, 2, 4, 48, weight, 0, 1e-6)
                for row in 0..<2 {
                    for head in 0..<4 {
                        let start = row * 200 + head * 48
                        var expected = Array(x[start..<start + 48])
                        annie_rms_norm(nil, &expected, 48, expected, 48, 1, 48, weight, 0, 1e-6)
                        #expect(Array(y[start..<start + 48]) == expected)
                    }
                    #expect(Array(y[row * 200 + 192..<row * 200 + 200]) == Array(x[row * 200 + 192..<row * 200 + 200]))
                }
            }
        }

        @Test(arguments: instructionSets, [(64, 64), (64, 32), (48, 20)])
        func rotaryTurnsPairsByTheirPositionsAngle(isa: annie_isa, dims: (head: Int, rotary: Int)) {
            var generator = SeededGenerator(42)
            let half = dims.rotary / 2
            let angles = (0..<10 * half).map { Double($0) * 0.37 }
            let x = generator.normals(3 * 2 * dims.head)
            var y = x
            let positions: [Int32] = [7, 0, 9]
            Kernels.with(isa) {
                annie_rotary(
                    nil, &y, 2 * dims.head, 3, 2, dims.head, dims.rotary, positions, angles.map { Float(cos($0)) },
                    angles.map { Float(sin($0)) })
            }
            for row in 0..<3 {
                for head in 0..<2 {
                    let start = (row * 2 + head) * dims.head
                    var expected = x[start..<start + dims.head].map(Double.init)
                    for i in 0..<half {
                        let angle = angles[Int(positions[row]) * half + i]
                        let (a, b) = (expected[i], expected[i + half])
                        expected[i] = a * cos(angle) - b * sin(angle)
                        expected[i + half] = b * cos(angle) + a * sin(angle)
                    }
                    #expect(relativeError(Array(y[start..<start + dims.head]), expected) < 1e-6)
                }
            }
        }

        @Test(arguments: instructionSets)
        func swigluFollowsItsFormulaAlsoFarOut(isa: annie_isa) {
            var generator = SeededGenerator(43)
            var gate = generator.normals(101, scale: 4)
            gate[0] = -200
            gate[1] = 200
            gate[2] = 0
            let up = generator.normals(101)
            var y = [Float](repeating: 0, count: 101)
            Kernels.with(isa) { annie_swiglu(nil, &y, 101, gate, up, 101, 1, 101) }
            for i in 0..<101 {
                let expected = Double(gate[i]) / (1 + exp(-Double(gate[i]))) * Double(up[i])
                #expect(abs(Double(y[i]) - expected) <= 1e-6 * abs(expected) + 1e-30)
            }
        }

        @Test(arguments: instructionSets)
        func sharedWorkGivesTheSameBits(isa: annie_isa) {
            var generator = SeededGenerator(44)
            let pool = Pool(threads: 3)
            let (rows, columns) = (130, 576)
            let x = generator.normals(rows * columns)
            let up = generator.normals(rows * columns)
            let weight = generator.normals(columns)
            Kernels.with(isa) {
                var results: [[Float]] = []
                for pool in [nil, pool.pointer] {
                    var norm = x
                    annie_rms_norm(pool, &norm, columns, x, columns, rows, columns, weight, 0, 1e-5)
                    annie_swiglu(pool, &norm, columns, x, up, columns, rows, columns)
                    annie_add(pool, &norm, up, norm.count)
                    results.append(norm)
                }
                #expect(results[0].bitPatterns == results[1].bitPatterns)
            }
        }
    }

    @Suite struct Logits {
        @Test(arguments: instructionSets)
        func argmaxTakesTheFirstOfTheLargestAndNeverNaN(isa: annie_isa) {
            var generator = SeededGenerator(50)
            Kernels.with(isa) {
                for count in [1, 15, 16, 17, 100, 4099] {
                    var x = generator.normals(count)
                    let index = Int.random(in: 0..<count, using: &generator)
                    x[index] = 50
                    x[count - 1] = 50
                    if index > 0 { x[index / 2] = index / 2 == index ? 50 : .nan }
                    #expect(annie_argmax(x, count) == x.firstIndex(of: 50))
                }
            }
        }

        @Test(arguments: instructionSets)
        func logSumExpIsAccurateAlsoWithMaskedLogits(isa: annie_isa) {
            var generator = SeededGenerator(51)
            var x = generator.normals(49_152, scale: 5)
            for i in stride(from: 0, to: x.count, by: 3) { x[i] = -.infinity }
            let top = Double(x.max() ?? 0)
            let expected = top + log(x.reduce(0) { $0 + exp(Double($1) - top) })
            Kernels.with(isa) {
                #expect(abs(Double(annie_log_sum_exp(x, x.count)) - expected) < 1e-5)
                #expect(annie_log_sum_exp([Float](repeating: -.infinity, count: 20), 20) == -.infinity)
            }
        }
    }

    @Suite struct Dispatch {
        @Test func neverChoosesMoreThanTheProcessorHas() {
            #expect(annie_isa_select(ANNIE_ISA_AVX512).rawValue <= annie_isa_best().rawValue)
            #expect(annie_isa_select(ANNIE_ISA_PORTABLE) == ANNIE_ISA_PORTABLE)
            #expect(annie_isa_current() == ANNIE_ISA_PORTABLE)
            #expect(annie_isa_select(annie_isa_best()) == annie_isa_best())
            #expect(String(cString: annie_isa_name(ANNIE_ISA_AVX2)) == "avx2")
        }

        @Test func bandwidthIsPlausible() {
            let buffer = AlignedBuffer(8 << 20)
            let measured = annie_measure_bandwidth(nil, buffer.bytes, buffer.count, 3)
            #expect(measured > 1e8 && measured < 1e13)
        }
    }
}
