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
        let tensor = NVFP4Tensor(quantizing: [Float](repeating: .leastNonzeroMagnitude, count: 16), rows: 1, columns: 16)
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
        let values = (0..<64 * 128).map { _ in Float.random(in: -1...1, using: &random) * Float.random(in: 0...1, using: &random) }
        let errors = NVFP4Method.allCases.map { method in
            let amax = values.reduce(0) { max($0, $1.magnitude) }
            let tensor = NVFP4Tensor(
                quantizing: values, rows: 64, columns: 128, tensorScale: NVFP4.tensorScale(amax: amax, method: method),
                method: method)
            return statistics(values, tensor.dequantized()).relativeRMS
        }
        #expect(errors[0] > 0.05 && errors[0] < 0.12)
        #expect(errors[1] < errors[0] && errors[2] < errors[0])
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
