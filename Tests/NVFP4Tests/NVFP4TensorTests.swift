import NVFP4
import Testing

@Suite struct NVFP4TensorTests {
    @Test func anAllZeroTensorStaysZero() {
        let tensor = NVFP4Tensor(quantizing: [Float](repeating: 0, count: 64), rows: 2, columns: 32)
        #expect(tensor.tensorScale == 1)
        #expect(tensor.scales == [0x38, 0x38, 0x38, 0x38])
        #expect(tensor.dequantized().allSatisfy { $0 == 0 })
    }

    @Test func aDenormalTensorHasAScaleAndNoNaN() {
        let tensor = NVFP4Tensor(
            quantizing: [Float](repeating: .leastNonzeroMagnitude, count: 16), rows: 1, columns: 16)
        #expect(tensor.tensorScale > 0)
        #expect(tensor.dequantized().allSatisfy { $0.isFinite })
    }

    @Test func representableValuesAreKeptExactly() {
        let values = (0..<16).map { NVFP4Reference.value(UInt8($0)) }
        let tensor = NVFP4Tensor(quantizing: values, rows: 1, columns: 16, tensorScale: 1)
        #expect(sameBits(tensor.dequantized(), values.map { $0 == 0 ? 0 : $0 }))
    }

    @Test func theBetterMethodsHaveNoGreaterError() {
        var random = SeededGenerator(seed: 3)
        let values = (0..<64 * 128).map { _ in
            Float.random(in: -1...1, using: &random) * Float.random(in: 0...1, using: &random)
        }
        let errors = NVFP4Method.allCases.map { method in
            let amax = values.reduce(0) { max($0, $1.magnitude) }
            let tensor = NVFP4Tensor(
                quantizing: values, rows: 64, columns: 128,
                tensorScale: NVFP4Format.tensorScale(amax: amax, method: method),
                method: method)
            return statistics(values, tensor.dequantized()).relativeRMS
        }
        #expect(errors[0] > 0.05 && errors[0] < 0.12)
        #expect(errors[1] < errors[0] && errors[2] < errors[0])
    }

    @Test(arguments: NVFP4Method.allCases) func theKernelsEqualThePlainForm(method: NVFP4Method) {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            let rows = Int.random(in: 1...9, using: &random)
            let columns = 16 * Int.random(in: 1...6, using: &random)
            let magnitude = Float.random(in: -30...20, using: &random)
            let values = (0..<rows * columns).map { _ in
                // Blocks of very different magnitude, so that scales saturate at both ends.
                Float.random(in: -1...1, using: &random) * Float(sign: .plus, exponent: Int(magnitude), significand: 1)
                    * (Int.random(in: 0..<20, using: &random) == 0 ? 1e4 : 1)
            }
            let amax = values.reduce(0) { max($0, $1.magnitude) } * Float.random(in: 0.3...1.1, using: &random)
            let scale = NVFP4Format.tensorScale(amax: amax, method: method)
            let tensor = NVFP4Tensor(
                quantizing: values, rows: rows, columns: columns, tensorScale: scale, method: method)
            let plain = NVFP4Reference.quantize(values, columns: columns, tensorScale: scale, method: method)
            #expect(tensor.scales == plain.scales)
            #expect(tensor.codes == plain.codes)
            let dequantized = NVFP4Reference.dequantize(codes: plain.codes, scales: plain.scales) { $0 * scale }
            #expect(sameBits(tensor.dequantized(), dequantized))
        }
    }

    @Test func codesUnderGivenScalesEqualThePlainForm() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<40 {
            let rows = Int.random(in: 1...9, using: &random)
            let columns = 16 * Int.random(in: 1...6, using: &random)
            let values = (0..<rows * columns).map { _ in Float.random(in: -3...3, using: &random) }
            let scales = (0..<rows * columns / 16).map { _ in UInt8.random(in: 0x01...0x7E, using: &random) }
            let tensorScale = Float.random(in: 1e-4...1e-1, using: &random)
            var codes = [UInt8](repeating: 0, count: rows * columns / 2)
            values.withUnsafeBytes { source in
                scales.withUnsafeBytes { scales in
                    codes.withUnsafeMutableBytes {
                        NVFP4Format.quantize(
                            source, .float32, rows: rows, columns: columns, tensorScale: tensorScale,
                            blockScales: scales, codes: $0)
                    }
                }
            }
            #expect(codes == NVFP4Reference.codes(values, scales: scales, tensorScale: tensorScale))
        }
    }

    @Test func theLargestMagnitudeOfNothingIsZeroAndNaNShows() {
        func amax(_ values: [Float]) -> Float { values.withUnsafeBytes { NVFP4Format.amax($0, .float32) } }
        #expect(amax([]) == 0)
        #expect(amax([1, -3, 2]) == 3)
        #expect(amax(Array(repeating: 1, count: 40) + [.nan, 2]).isNaN)
    }

    @Test func bfloat16IsReadAndWritten() {
        let values: [Float] = (0..<32).map { roundedToBFloat16(Float($0) * 0.37 - 5) }
        let halves = values.map { UInt16($0.bitPattern >> 16) }
        let tensor = NVFP4Tensor(quantizing: values, rows: 2, columns: 16)
        var codes = [UInt8](repeating: 0, count: 16)
        var scales = [UInt8](repeating: 0, count: 2)
        halves.withUnsafeBytes { source in
            codes.withUnsafeMutableBytes { codes in
                scales.withUnsafeMutableBytes {
                    NVFP4Format.quantize(
                        source, .bfloat16, rows: 2, columns: 16, tensorScale: tensor.tensorScale, method: .max,
                        codes: codes, scales: $0)
                }
            }
        }
        #expect(codes == tensor.codes && scales == tensor.scales)
        #expect(halves.withUnsafeBytes { NVFP4Format.amax($0, .bfloat16) } == 6.46875)
        var output = [UInt16](repeating: 0, count: 32)
        codes.withUnsafeBytes { codes in
            scales.withUnsafeBytes { scales in
                output.withUnsafeMutableBytes {
                    NVFP4Format.dequantize(
                        codes: codes, scales: scales, rows: 2, columns: 16, tensorScale: tensor.tensorScale, into: $0,
                        .bfloat16)
                }
            }
        }
        #expect(output.map { Float(bitPattern: UInt32($0) << 16) } == tensor.dequantized().map(roundedToBFloat16))
    }

    @Test func errorStatisticsAddUp() {
        let left: [Float] = (0..<19).map { Float($0) }
        let right = left.map { $0 + ($0 == 11 ? 3 : 1) }
        let result = statistics(left, right)
        #expect(result.squaredNorm == 2109 && result.squaredError == 27 && result.maximumError == 3)
        var sum = result
        sum.add(result)
        #expect(sum.relativeMSE == result.relativeMSE && sum.squaredError == 54)
    }

    private func statistics(_ left: [Float], _ right: [Float]) -> NVFP4ErrorStatistics {
        var result = NVFP4ErrorStatistics()
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { result.add(original: left, quantized: $0) }
        }
        return result
    }
}
