import CKernels
import Foundation
import Testing

/// The kernels of training, one after the other: the instruction set in use is the process's.
@Suite(.serialized)
struct TrainingKernels {
    static let instructionSets: [annie_isa] = [ANNIE_ISA_PORTABLE, ANNIE_ISA_AVX2, ANNIE_ISA_AVX512]
        .filter { $0.rawValue <= annie_isa_best().rawValue }
    static let precisions: [annie_train_precision] = [ANNIE_TRAIN_F32, ANNIE_TRAIN_BF16]

    static func with<Result>(_ isa: annie_isa, _ body: () throws -> Result) rethrows -> Result {
        _ = annie_isa_select(isa)
        defer { _ = annie_isa_select(annie_isa_best()) }
        return try body()
    }

    static func tolerance(_ precision: annie_train_precision) -> Double { precision == ANNIE_TRAIN_F32 ? 2e-6 : 8e-3 }
}

/// xorshift64*: the same numbers in every run.
struct Numbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func normals(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in
            let (u, v) = (Double(next() >> 11) * 0x1p-53, Double(next() >> 11) * 0x1p-53)
            return Float((-2 * log(u + 1e-300)).squareRoot() * cos(2 * .pi * v)) * scale
        }
    }
}

final class Aligned {
    let pointer: UnsafeMutableRawPointer

    init(_ count: Int) {
        pointer = .allocate(byteCount: max(count, 64), alignment: 64)
        pointer.initializeMemory(as: UInt8.self, repeating: 0xFF, count: max(count, 64))
    }

    deinit { pointer.deallocate() }
}

func relativeError(_ left: [Float], _ right: [Double]) -> Double { relativeError(left.map(Double.init), right) }

func relativeError(_ left: [Double], _ right: [Double]) -> Double {
    precondition(left.count == right.count)
    let error = zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let size = right.reduce(0) { $0 + $1 * $1 }
    return size == 0 ? error.squareRoot() : (error / size).squareRoot()
}

extension TrainingKernels {
    /// rows, depth, columns: odd ones, and more than a block of the depth.
    private static let shapes = [
        (1, 1, 1), (6, 2, 64), (7, 33, 65), (4, 1030, 20), (200, 5, 70), (5, 64, 16), (9, 8, 33),
    ]

    /// Factors, and their product in double precision; computed once.
    private static let factors = shapes.map { rows, depth, columns -> (a: [Float], b: [Float], product: [Double]) in
        var numbers = Numbers(7)
        let (a, b) = (numbers.normals(rows * depth), numbers.normals(depth * columns))
        let product = (0..<rows * columns).map { index -> Double in
            let (row, column) = (index / columns, index % columns)
            return (0..<depth).reduce(0) { $0 + Double(a[row * depth + $1]) * Double(b[$1 * columns + column]) }
        }
        return (a, b, product)
    }

    @Test(arguments: instructionSets, precisions)
    func productsEqualTheSumOfProducts(isa: annie_isa, precision: annie_train_precision) {
        for ((rows, depth, columns), (a, b, expected)) in zip(Self.shapes, Self.factors) {
            for (leftTransposed, rightTransposed, halves) in [
                (false, false, false), (true, true, false), (false, true, true), (true, false, true),
            ] {
                let found = Self.with(isa) {
                    Self.product(
                        precision, a, b, (rows, depth, columns), leftTransposed: leftTransposed,
                        rightTransposed: rightTransposed, halves: halves)
                }
                let tolerance = halves ? 8e-3 : Self.tolerance(precision)
                #expect(relativeError(found, expected) < tolerance, "\(rows) \(depth) \(columns)")
            }
        }
    }

    /// 2 * a b, then accumulated twice with alpha -0.5: a b.
    private static func product(
        _ precision: annie_train_precision, _ a: [Float], _ b: [Float], _ shape: (rows: Int, depth: Int, columns: Int),
        leftTransposed: Bool, rightTransposed: Bool, halves: Bool
    ) -> [Float] {
        let (rows, depth, columns) = shape
        let left = Aligned(annie_train_left_size(precision, rows, depth))
        let right = Aligned(annie_train_right_size(precision, depth, columns))
        let pool = annie_pool_create(2)
        defer { annie_pool_destroy(pool) }
        let aSource = leftTransposed ? transposed(a, rows: rows) : a
        let bSource = rightTransposed ? transposed(b, rows: depth) : b
        withSource(aSource, stride: leftTransposed ? rows : depth, halves: halves) { source in
            if leftTransposed {
                annie_train_pack_left_transposed(pool, precision, left.pointer, source, rows, depth)
            } else {
                annie_train_pack_left(pool, precision, left.pointer, source, rows, depth)
            }
        }
        withSource(bSource, stride: rightTransposed ? depth : columns, halves: halves) { source in
            if rightTransposed {
                annie_train_pack_right_transposed(pool, precision, right.pointer, source, depth, columns)
            } else {
                annie_train_pack_right(pool, precision, right.pointer, source, depth, columns)
            }
        }
        var out = [Float](repeating: .nan, count: rows * columns)
        for (alpha, accumulates) in [(Float(2), false), (-0.5, true), (-0.5, true)] {
            annie_train_multiply(
                pool, precision, left.pointer, rows, right.pointer, depth, columns, alpha, accumulates, &out, columns)
        }
        return out
    }

    private static func transposed(_ values: [Float], rows: Int) -> [Float] {
        let columns = values.count / rows
        return (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }

    private static func withSource(
        _ values: [Float], stride: Int, halves: Bool, _ body: (annie_train_source) -> Void
    ) {
        if halves {
            values.map(annie_bf16_from_f32).withUnsafeBytes {
                body(annie_train_source(values: $0.baseAddress, is_bf16: true, stride: stride))
            }
        } else {
            values.withUnsafeBytes { body(annie_train_source(values: $0.baseAddress, is_bf16: false, stride: stride)) }
        }
    }

    @Test(arguments: instructionSets, [ANNIE_NVFP4_MAX, ANNIE_NVFP4_MSE, ANNIE_NVFP4_FOUR_OVER_SIX])
    func fakeQuantisationGivesTheBitsOfTheExport(isa: annie_isa, method: annie_nvfp4_method) {
        var numbers = Numbers(3)
        let (rows, columns) = (9, 48)
        var values = numbers.normals(rows * columns, scale: 0.1)
        for index in 0..<16 { values[index] = 0 }
        values[17] = -0.0
        values[20] = 1e-9
        let scale: Float = 0.4 / 2688
        let (expected, found) = Self.with(isa) { () -> ([Float], [Float]) in
            var codes = [UInt8](repeating: 0, count: rows * columns / 2)
            var scales = [UInt8](repeating: 0, count: rows * columns / 16)
            annie_nvfp4_quantize(nil, &codes, &scales, values, false, rows, columns, scale, method)
            var expected = [Float](repeating: 0, count: rows * columns)
            annie_nvfp4_dequantize(nil, &expected, false, codes, scales, rows, columns, 1)
            var halves = [UInt16](repeating: 0, count: rows * columns)
            annie_train_fake_quantize(nil, &halves, true, values, columns, rows, columns, scale, method, nil)
            var found = [Float](repeating: 0, count: rows * columns)
            annie_f32_from_bf16_array(&found, halves, halves.count)
            var full = [Float](repeating: 0, count: rows * columns)
            annie_train_fake_quantize(nil, &full, false, values, columns, rows, columns, scale, method, nil)
            #expect(full.map(\.bitPattern) == found.map(\.bitPattern))
            return (expected, found)
        }
        #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
    }

    /// Sixteen blocks are rounded at once where all is well; the bits are those of a block alone.
    @Test(arguments: [ANNIE_NVFP4_MAX, ANNIE_NVFP4_FOUR_OVER_SIX], [Float(1), 1e-3, 1e-6, 300])
    func blocksTogetherRoundAsTheyDoAlone(method: annie_nvfp4_method, size: Float) {
        var numbers = Numbers(5)
        let (rows, columns) = (4, 16 * 37)
        var values = numbers.normals(rows * columns, scale: size)
        for index in stride(from: 0, to: values.count, by: 97) { values[index] = index % 2 == 0 ? -0.0 : 0 }
        for index in 320..<336 { values[index] = 0 }
        for index in 640..<656 { values[index] *= 1e-5 }
        // Halfway between two codes.
        for index in 900..<1100 { values[index] = (values[index] / size * 8).rounded() / 8 * size }
        (values[1500], values[1700]) = (.infinity, .nan)
        func rounded(_ isa: annie_isa) -> [UInt32] {
            Self.with(isa) {
                var out = [Float](repeating: 7, count: values.count)
                annie_train_fake_quantize(
                    nil, &out, false, values, columns, rows, columns, 3 * size / 2688, method, nil)
                return out.map(\.bitPattern)
            }
        }
        for isa in Self.instructionSets { #expect(rounded(isa) == rounded(ANNIE_ISA_PORTABLE)) }
    }

    /// The right operand is packed part by part, so sums come together otherwise than in one go.
    @Test(arguments: instructionSets, precisions)
    func thinProductsEqualTheSumOfProducts(isa: annie_isa, precision: annie_train_precision) {
        var numbers = Numbers(13)
        let (rows, depth, columns, stride) = (5, 1031, 130, 140)
        let (a, b) = (numbers.normals(rows * depth), numbers.normals(depth * stride))
        let expected = (0..<rows * columns).map { index -> Double in
            let (row, column) = (index / columns, index % columns)
            return (0..<depth).reduce(0) { $0 + Double(a[row * depth + $1]) * Double(b[$1 * stride + column]) }
        }
        func found(halves: Bool) -> [Float] {
            let left = Aligned(annie_train_left_size(precision, rows, depth))
            Self.withSource(a, stride: depth, halves: false) {
                annie_train_pack_left(nil, precision, left.pointer, $0, rows, depth)
            }
            var out = [Float](repeating: .nan, count: rows * columns)
            Self.withSource(b, stride: stride, halves: halves) { source in
                annie_train_multiply_thin(
                    nil, precision, left.pointer, rows, source, depth, columns, 1, &out, columns)
            }
            return out
        }
        for halves in [false, true] {
            let found = Self.with(isa) { found(halves: halves) }
            #expect(relativeError(found, expected) < (halves ? 8e-3 : Self.tolerance(precision)))
        }
    }

    @Test(arguments: instructionSets, precisions)
    func aProductOfSomeColumnsIsThatOfTheirMatrix(isa: annie_isa, precision: annie_train_precision) {
        var numbers = Numbers(11)
        let (rows, depth, columns, first, part) = (13, 96, 24, 34, 40)
        let (a, b) = (numbers.normals(rows * depth), numbers.normals(part * columns))
        let own = (0..<rows).flatMap { Array(a[$0 * depth + first..<$0 * depth + first + part]) }
        let addend = numbers.normals(rows * columns)
        let (whole, alone) = Self.with(isa) { () -> ([Float], [Float]) in
            let wide = Aligned(annie_train_left_size(precision, rows, depth))
            let narrow = Aligned(annie_train_left_size(precision, rows, part))
            let right = Aligned(annie_train_right_size(precision, part, columns))
            Self.withSource(a, stride: depth, halves: false) {
                annie_train_pack_left(nil, precision, wide.pointer, $0, rows, depth)
            }
            Self.withSource(own, stride: part, halves: false) {
                annie_train_pack_left(nil, precision, narrow.pointer, $0, rows, part)
            }
            Self.withSource(b, stride: columns, halves: false) {
                annie_train_pack_right(nil, precision, right.pointer, $0, part, columns)
            }
            var whole = [Float](repeating: .nan, count: rows * columns), alone = whole
            annie_train_multiply_within(
                nil, precision, wide.pointer + annie_train_units(precision, first) * 4,
                annie_train_units(precision, depth), rows, right.pointer, part, columns, 2, &whole, columns)
            annie_train_multiply_adding(
                nil, precision, narrow.pointer, rows, right.pointer, part, columns, 2, addend, columns, &alone, columns)
            return (whole, alone)
        }
        #expect(zip(whole, addend).map { $0 + $1 } == alone)
    }
}
