import CKernels
import Foundation
import Testing

/// All tests of the kernels, one after the other: the instruction set in use is the process's.
@Suite(.serialized)
struct Kernels {
    static let instructionSets: [annie_isa] = [ANNIE_ISA_PORTABLE, ANNIE_ISA_AVX2, ANNIE_ISA_AVX512]
        .filter { $0.rawValue <= annie_isa_best().rawValue }

    /// Runs a body with an instruction set, and goes back to the best one.
    static func with<Result>(_ isa: annie_isa, _ body: () throws -> Result) rethrows -> Result {
        let chosen = annie_isa_select(isa)
        precondition(chosen == isa)
        defer { annie_isa_select(annie_isa_best()) }
        return try body()
    }
}

/// xorshift64*: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func normal() -> Float {
        Float((-2 * log(uniform() + 1e-300)).squareRoot() * cos(2 * .pi * uniform()))
    }

    mutating func normals(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in normal() * scale } }
}

/// Zeroed memory aligned to 64 bytes.
final class AlignedBuffer {
    let bytes: UnsafeMutableRawPointer
    let count: Int

    init(_ count: Int) {
        self.count = count
        bytes = .allocate(byteCount: max(count, 1), alignment: 64)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: max(count, 1))
    }

    deinit { bytes.deallocate() }
}

/// A pool that lives as long as the value.
final class Pool {
    let pointer: OpaquePointer?

    init(threads: Int32) { pointer = annie_pool_create(threads) }

    deinit { annie_pool_destroy(pointer) }
}

func bf16(_ values: [Float]) -> [UInt16] { values.map(annie_bf16_from_f32) }

func float(bf16 half: UInt16) -> Float { Float(bitPattern: UInt32(half) << 16) }

/// |a - b| / |b| over all elements, in double precision.
func relativeError(_ a: [Float], _ b: [Double]) -> Double {
    var difference = 0.0
    var size = 0.0
    for (x, y) in zip(a, b) {
        difference += (Double(x) - y) * (Double(x) - y)
        size += y * y
    }
    return size == 0 ? difference.squareRoot() : (difference / size).squareRoot()
}

extension Array where Element == Float {
    var bitPatterns: [UInt32] { map(\.bitPattern) }
}
