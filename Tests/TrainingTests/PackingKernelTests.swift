import CKernels
import Testing

extension TrainingKernels {
    /// Rows and columns of a source: single ones, odd ones, whole panels, more than a block each way, and so much that it is
    /// written past the caches, in lines that are whole or not.
    private static let sources = [
        (1, 1), (2, 3), (15, 17), (16, 32), (33, 64), (64, 65), (65, 128), (130, 70), (3, 1030), (240, 1100), (1100, 9),
        (300, 896),
    ]

    /// A packed operand as it is defined: where each value of the source stands, and zeros between.
    private struct Packed {
        let precision: annie_train_precision
        let rows: Int, columns: Int
        let value: (Int, Int) -> UInt32

        /// The unit of one other (row of left, column of right), whose depth lies along the source's rows or columns.
        private func unit(_ unit: Int, of other: Int, along: Bool) -> UInt32 {
            let (depth, others) = along ? (columns, rows) : (rows, columns)
            guard other < others else { return 0 }
            func at(_ position: Int) -> UInt32 {
                position >= depth ? 0 : along ? value(other, position) : value(position, other)
            }
            return precision == ANNIE_TRAIN_F32 ? at(unit) : at(2 * unit) | at(2 * unit + 1) << 16
        }

        func left(transposed: Bool) -> [UInt32] {
            let (others, depth) = transposed ? (columns, rows) : (rows, columns)
            let units = annie_train_units(precision, depth)
            return (0..<others * units).map { unit($0 % units, of: $0 / units, along: !transposed) }
        }

        func right(transposed: Bool) -> [UInt32] {
            let (others, depth) = transposed ? (rows, columns) : (columns, rows)
            let units = annie_train_units(precision, depth)
            return (0..<(others + 63) / 64 * units * 64).map {
                unit($0 / 64 % units, of: $0 / 64 / units * 64 + $0 % 64, along: transposed)
            }
        }
    }

    private struct Forms: Equatable {
        var left: [UInt32] = [], transposedLeft: [UInt32] = []
        var right: [UInt32] = [], transposedRight: [UInt32] = []
    }

    /// What a call writes into a buffer of so many units, which has to leave what stands behind them alone.
    private static func written(_ units: Int, _ call: (UnsafeMutableRawPointer) -> Void) -> [UInt32] {
        let memory = Aligned(units * 4 + 256)
        call(memory.pointer)
        let words = UnsafeBufferPointer(start: memory.pointer.assumingMemoryBound(to: UInt32.self), count: units + 64)
        #expect(words.suffix(64).allSatisfy { $0 == .max })
        return Array(words.prefix(units))
    }

    @Test(arguments: instructionSets, precisions)
    func whatIsPackedStandsWhereItBelongs(isa: annie_isa, precision: annie_train_precision) {
        let pool = annie_pool_create(2)
        defer { annie_pool_destroy(pool) }
        var numbers = Numbers(11)
        for ((rows, columns), isHalf) in Self.sources.flatMap({ [($0, false), ($0, true)] }) {
            // Lies in a wider matrix.
            let stride = columns + 5
            let values = numbers.normals(rows * stride)
            let halves = values.map(annie_bf16_from_f32)
            let packed = Packed(precision: precision, rows: rows, columns: columns) { row, column in
                let index = row * stride + column
                if precision == ANNIE_TRAIN_BF16 { return UInt32(halves[index]) }
                return isHalf ? UInt32(halves[index]) << 16 : values[index].bitPattern
            }
            let expected = Forms(
                left: packed.left(transposed: false), transposedLeft: packed.left(transposed: true),
                right: packed.right(transposed: false), transposedRight: packed.right(transposed: true))
            let bytes = isHalf ? halves.withUnsafeBytes { Array($0) } : values.withUnsafeBytes { Array($0) }
            let (alone, together) = Self.with(isa) {
                bytes.withUnsafeBytes { bytes in
                    let source = annie_train_source(values: bytes.baseAddress, is_bf16: isHalf, stride: stride)
                    return (
                        Self.packedAlone(pool, precision, source, rows, columns, expected),
                        Self.packedTogether(pool, precision, source, rows, columns, expected)
                    )
                }
            }
            #expect(alone == expected, "\(rows) by \(columns)")
            #expect(together == expected, "\(rows) by \(columns)")
        }
    }

    private static func packedAlone(
        _ pool: OpaquePointer?, _ precision: annie_train_precision, _ source: annie_train_source, _ rows: Int,
        _ columns: Int, _ expected: Forms
    ) -> Forms {
        var found = Forms()
        found.left = written(expected.left.count) {
            annie_train_pack_left(pool, precision, $0, source, rows, columns)
        }
        found.transposedLeft = written(expected.transposedLeft.count) {
            annie_train_pack_left_transposed(pool, precision, $0, source, columns, rows)
        }
        found.right = written(expected.right.count) {
            annie_train_pack_right(pool, precision, $0, source, rows, columns)
        }
        found.transposedRight = written(expected.transposedRight.count) {
            annie_train_pack_right_transposed(pool, precision, $0, source, columns, rows)
        }
        return found
    }

    private static func packedTogether(
        _ pool: OpaquePointer?, _ precision: annie_train_precision, _ source: annie_train_source, _ rows: Int,
        _ columns: Int, _ expected: Forms
    ) -> Forms {
        var found = Forms()
        found.transposedLeft = written(expected.transposedLeft.count) { second in
            found.left = written(expected.left.count) { first in
                annie_train_pack_left_both(pool, precision, first, second, source, rows, columns)
            }
        }
        found.transposedRight = written(expected.transposedRight.count) { second in
            found.right = written(expected.right.count) { first in
                annie_train_pack_right_both(pool, precision, first, second, source, rows, columns)
            }
        }
        return found
    }

    // MARK: The gated activation

    /// Gate and up side by side, as their product returns them, in a wider matrix; and the gradient of their activation.
    private struct Gated {
        let rows: Int, columns: Int, stride: Int
        let both: [Float], dy: [Float]

        init(rows: Int, columns: Int) {
            var numbers = Numbers(13)
            (self.rows, self.columns, stride) = (rows, columns, 2 * columns + 3)
            both = numbers.normals(rows * stride)
            dy = numbers.normals(rows * columns)
        }

        func withHalves<Result>(_ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Result) -> Result {
            both.withUnsafeBufferPointer { body($0.baseAddress!, $0.baseAddress! + columns) }
        }

        func activation() -> [Float] {
            var values = [Float](repeating: 0, count: rows * columns)
            withHalves { annie_swiglu(nil, &values, columns, $0, $1, stride, rows, columns) }
            return values
        }

        /// Gradients of gate and of up, as wide as they lie.
        func gradient() -> [Float] {
            var values = [Float](repeating: 0, count: rows * stride)
            values.withUnsafeMutableBufferPointer { values in
                withHalves {
                    annie_train_swiglu_backward(
                        nil, values.baseAddress, values.baseAddress! + columns, false, dy, columns, $0, $1, stride,
                        rows,
                        columns)
                }
            }
            return values
        }
    }

    @Test(arguments: instructionSets, precisions)
    func gatedActivationsArePackedAsTheirMatricesAre(isa: annie_isa, precision: annie_train_precision) {
        let pool = annie_pool_create(2)
        defer { annie_pool_destroy(pool) }
        for (rows, columns) in [(1, 1), (3, 33), (64, 64), (65, 256), (130, 321), (300, 960)] {
            let gated = Gated(rows: rows, columns: columns)
            let count = rows * annie_train_units(precision, columns)
            let (expected, found) = Self.with(isa) {
                let activation = gated.activation()
                return (
                    Self.written(count) { left in
                        activation.withUnsafeBytes {
                            let source = annie_train_source(values: $0.baseAddress, is_bf16: false, stride: columns)
                            annie_train_pack_left(pool, precision, left, source, rows, columns)
                        }
                    },
                    Self.written(count) { left in
                        gated.withHalves {
                            annie_train_pack_left_gated(pool, precision, left, $0, $1, gated.stride, rows, columns)
                        }
                    }
                )
            }
            #expect(found == expected, "\(rows) by \(columns)")
        }
    }

    @Test(arguments: instructionSets, precisions)
    func gradientsOfGatesArePackedAsTheirMatricesAre(isa: annie_isa, precision: annie_train_precision) {
        let pool = annie_pool_create(2)
        defer { annie_pool_destroy(pool) }
        for (rows, columns) in [(1, 64), (63, 128), (64, 320), (130, 256), (301, 960)] {
            let gated = Gated(rows: rows, columns: columns)
            let count = rows * annie_train_units(precision, 2 * columns)
            let transposedCount = 2 * columns * annie_train_units(precision, rows)
            let (expected, found) = Self.with(isa) {
                let gradient = gated.gradient()
                var (expected, found) = (Forms(), Forms())
                expected.transposedLeft = Self.written(transposedCount) { transposed in
                    expected.left = Self.written(count) { left in
                        gradient.withUnsafeBytes {
                            let source = annie_train_source(
                                values: $0.baseAddress, is_bf16: false, stride: gated.stride)
                            annie_train_pack_left_both(pool, precision, left, transposed, source, rows, 2 * columns)
                        }
                    }
                }
                found.transposedLeft = Self.written(transposedCount) { transposed in
                    found.left = Self.written(count) { left in
                        gated.withHalves {
                            annie_train_pack_gated_backward(
                                pool, precision, left, transposed, gated.dy, columns, $0, $1, gated.stride, rows,
                                columns)
                        }
                    }
                }
                return (expected, found)
            }
            #expect(found == expected, "\(rows) by \(columns)")
        }
    }
}
