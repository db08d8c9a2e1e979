import CKernels
import Testing

/// Shapes that leave every kind of remainder: rows in a tile, columns in a group, rows in a block of the input.
private let shapes: [(rows: Int, columns: Int, m: Int)] = [
    (1, 16, 1), (16, 64, 1), (17, 80, 2), (48, 576, 3), (31, 1552, 4), (33, 96, 5), (100, 48, 6), (64, 1024, 7),
    (15, 1104, 8), (40, 208, 9), (16, 576, 13), (50, 144, 17), (35, 1088, 33), (20, 272, 70), (36, 112, 131),
]

/// How far an input rounded to a format may lead from the exact product.
private func tolerance(_ activation: annie_activation_format) -> Double {
    switch activation {
    case ANNIE_ACTIVATION_F32: 1e-6
    case ANNIE_ACTIVATION_BF16: 8e-3
    default: 2e-2
    }
}

extension Kernels {
    @Suite struct Linear {
        @Test(arguments: weightFormats, instructionSets)
        func productsAreCloseToDoublePrecision(format: annie_weight_format, isa: annie_isa) {
            var generator = SeededGenerator(10)
            let pool = Pool(threads: 2)
            for shape in shapes {
                // Formats without blocks take any number of columns.
                let columns = format == ANNIE_WEIGHT_NVFP4 ? shape.columns : max(1, shape.columns - 5)
                let matrix = PackedMatrix(format, rows: shape.rows, columns: columns, generator: &generator)
                let x = generator.normals(shape.m * columns)
                let expected = matrix.reference(x, m: shape.m)
                Kernels.with(isa) {
                    for activation in activationFormats {
                        let y = matrix.product(x, m: shape.m, activation: activation, pool: pool.pointer)
                        #expect(relativeError(y, expected) < tolerance(activation), "\(shape) \(activation)")
                    }
                }
            }
        }

        @Test(arguments: weightFormats, instructionSets)
        func aRowDoesNotDependOnItsNeighboursOrTheThreads(format: annie_weight_format, isa: annie_isa) {
            var generator = SeededGenerator(11)
            let pools = [nil, Pool(threads: 2), Pool(threads: 5)]
            for shape in shapes where shape.m > 1 {
                let matrix = PackedMatrix(format, rows: shape.rows, columns: shape.columns, generator: &generator)
                let x = generator.normals(shape.m * shape.columns)
                Kernels.with(isa) {
                    for activation in activationFormats {
                        let alone = (0..<shape.m).flatMap { row in
                            let part = Array(x[row * shape.columns..<(row + 1) * shape.columns])
                            return matrix.product(part, m: 1, activation: activation).bitPatterns
                        }
                        for pool in pools {
                            let y = matrix.product(x, m: shape.m, activation: activation, pool: pool?.pointer)
                            #expect(y.bitPatterns == alone, "\(shape) \(activation)")
                        }
                        let half = shape.m / 2
                        let part = Array(x[0..<half * shape.columns])
                        let y = matrix.product(part, m: half, activation: activation).bitPatterns
                        #expect(y == Array(alone[0..<half * shape.rows]))
                    }
                }
            }
        }

        @Test(arguments: [ANNIE_WEIGHT_INT8, ANNIE_WEIGHT_NVFP4])
        func int8InputIsTheSameOnEveryInstructionSetButForFloatRounding(format: annie_weight_format) {
            var generator = SeededGenerator(12)
            for shape in shapes {
                let matrix = PackedMatrix(format, rows: shape.rows, columns: shape.columns, generator: &generator)
                let x = generator.normals(shape.m * shape.columns)
                let results = Kernels.instructionSets.map { isa in
                    Kernels.with(isa) { matrix.product(x, m: shape.m, activation: ANNIE_ACTIVATION_INT8) }
                }
                for result in results { #expect(relativeError(result, results[0].map(Double.init)) < 1e-6) }
            }
        }

        @Test(arguments: instructionSets)
        func int8SumsAreExact(isa: annie_isa) {
            // Inputs that are whole numbers with a largest of 127 in every group, so nothing is rounded: the product of
            // whole numbers below 2^24 must come out exactly.
            var generator = SeededGenerator(13)
            let (rows, columns) = (20, 160)
            let weights = (0..<rows * columns).map { _ in Int8.random(in: -128...127, using: &generator) }
            var x = (0..<columns).map { _ in Float(Int.random(in: -127...127, using: &generator)) }
            for group in stride(from: 0, to: columns, by: 64) { x[group] = 127 }
            let scales = [UInt16](repeating: 0x3F80, count: rows * 3)
            let packed = AlignedBuffer(annie_packed_size(ANNIE_WEIGHT_INT8, rows, columns))
            annie_pack_int8(nil, packed.bytes, 0, weights, scales, rows, columns)
            var linear = annie_linear()
            linear.format = ANNIE_WEIGHT_INT8
            linear.packed = UnsafeRawPointer(packed.bytes)
            (linear.rows, linear.columns) = (rows, columns)
            let scratch = AlignedBuffer(annie_linear_scratch_size(&linear, ANNIE_ACTIVATION_INT8, 1))
            var y = [Float](repeating: 0, count: rows)
            Kernels.with(isa) {
                annie_linear_run(nil, &linear, ANNIE_ACTIVATION_INT8, x, columns, 1, &y, rows, false, scratch.bytes)
            }
            for row in 0..<rows {
                let expected = (0..<columns).reduce(0) { $0 + Int(weights[row * columns + $1]) * Int(x[$1]) }
                #expect(y[row] == Float(expected))
            }
        }

        @Test(arguments: weightFormats, instructionSets)
        func biasAndResidualAreAdded(format: annie_weight_format, isa: annie_isa) {
            var generator = SeededGenerator(14)
            for m in [1, 11] {
                let matrix = PackedMatrix(format, rows: 37, columns: 128, generator: &generator)
                let x = generator.normals(m * 128)
                let residual = generator.normals(m * 37)
                Kernels.with(isa) {
                    let plain = matrix.product(x, m: m, activation: ANNIE_ACTIVATION_INT8)
                    let both = matrix.product(
                        x, m: m, activation: ANNIE_ACTIVATION_INT8, withBias: true, residual: residual)
                    for i in 0..<m * 37 { #expect(both[i] == residual[i] + (plain[i] + matrix.bias[i % 37])) }
                }
            }
        }

        @Test(arguments: instructionSets)
        func anInputThatIsNotANumberReachesTheOutput(isa: annie_isa) {
            var generator = SeededGenerator(15)
            let matrix = PackedMatrix(ANNIE_WEIGHT_NVFP4, rows: 32, columns: 128, generator: &generator)
            for bad in [Float.nan, .infinity] {
                var x = generator.normals(2 * 128)
                x[77] = bad
                let y = Kernels.with(isa) { matrix.product(x, m: 2, activation: ANNIE_ACTIVATION_INT8) }
                #expect(y[0..<32].allSatisfy { !$0.isFinite })
                #expect(y[32..<64].allSatisfy { $0.isFinite })
            }
        }

        @Test(arguments: instructionSets)
        func anInputOfZerosGivesZeros(isa: annie_isa) {
            var generator = SeededGenerator(16)
            for format in weightFormats {
                let matrix = PackedMatrix(format, rows: 20, columns: 96, generator: &generator)
                let zeros = [Float](repeating: 0, count: 3 * 96)
                Kernels.with(isa) {
                    for activation in activationFormats {
                        #expect(matrix.product(zeros, m: 3, activation: activation).allSatisfy { $0 == 0 })
                    }
                }
            }
        }
    }
}
