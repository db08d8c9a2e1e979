import CKernels
import NVFP4
import Testing

/// Blocks of weights, some of them special, with the gradient of their rounded values.
private struct Blocks {
    static let count = 37
    let weights: [Float]
    let gradients: [Float]
    let tensorScale: Float

    init(seed: UInt64) {
        var numbers = Numbers(seed)
        var weights = numbers.normals(Self.count * 16, scale: 0.1)
        for index in 0..<16 { weights[index] = 0 }
        for index in 16..<32 { weights[index] *= 1e-9 }
        weights[40] = -0.0
        self.weights = weights
        gradients = numbers.normals(Self.count * 16)
        tensorScale = NVFP4Format.tensorScale(amax: weights.map(\.magnitude).max() ?? 0)
    }

    /// The ranges that the method max begins with, some of them changed so that weights saturate or fall on few codes.
    func ranges() -> [Float] {
        var ranges = [Float](repeating: .nan, count: Self.count)
        annie_train_learned_ranges(nil, &ranges, weights, Self.count, tensorScale)
        for index in ranges.indices { ranges[index] *= [1, 0.4, 1.7][index % 3] }
        return ranges
    }

    func scales(_ ranges: inout [Float]) -> [UInt8] {
        var scales = [UInt8](repeating: 0xFF, count: Self.count)
        annie_train_learned_scales(nil, &scales, &ranges, Self.count, tensorScale)
        return scales
    }

    func step(_ scale: UInt8) -> Float { E4M3.decode(scale) * tensorScale }
}

extension TrainingKernels {
    @Test func theFirstRangesGiveTheScalesOfMax() {
        let blocks = Blocks(seed: 5)
        var ranges = [Float](repeating: .nan, count: Blocks.count)
        annie_train_learned_ranges(nil, &ranges, blocks.weights, Blocks.count, blocks.tensorScale)
        let plain = NVFP4Reference.quantize(
            blocks.weights, columns: 16, tensorScale: blocks.tensorScale, method: .max)
        #expect(blocks.scales(&ranges) == plain.scales)
        #expect(plain.scales[0] == 0x38 && plain.scales[1] == 0x01)
    }

    @Test func rangesAreBroughtIntoWhatAScaleCanExpress() {
        let blocks = Blocks(seed: 6)
        let least = 6 * blocks.tensorScale * 0x1p-9
        let most = 6 * blocks.tensorScale * 448
        let cases: [(Float, Float, UInt8)] = [(-1, least, 0x01), (0, least, 0x01), (1e9, most, 0x7E)]
        for (range, expected, byte) in cases {
            var ranges = [Float](repeating: range, count: Blocks.count)
            #expect(blocks.scales(&ranges) == Array(repeating: byte, count: Blocks.count))
            #expect(ranges == Array(repeating: expected, count: Blocks.count))
            // Once there, they stay.
            #expect(blocks.scales(&ranges) == Array(repeating: byte, count: Blocks.count))
        }
    }

    @Test(arguments: instructionSets, [(1, 592), (37, 16)])
    func fakeQuantisationWithGivenScalesGivesTheBitsOfTheExport(isa: annie_isa, shape: (rows: Int, columns: Int)) {
        let blocks = Blocks(seed: 7)
        var ranges = blocks.ranges()
        var scales = blocks.scales(&ranges)
        let given = scales
        let count = blocks.weights.count
        var codes = [UInt8](repeating: 0, count: count / 2)
        var exported = [Float](repeating: 0, count: count)
        var full = [Float](repeating: 0, count: count)
        var halves = [UInt16](repeating: 0, count: count)
        Self.with(isa) {
            annie_nvfp4_quantize(
                nil, &codes, &scales, blocks.weights, false, shape.rows, shape.columns, blocks.tensorScale,
                ANNIE_NVFP4_GIVEN)
            annie_nvfp4_dequantize(nil, &exported, false, codes, given, shape.rows, shape.columns, 1)
            annie_train_fake_quantize(
                nil, &full, false, blocks.weights, shape.columns, shape.rows, shape.columns, blocks.tensorScale,
                ANNIE_NVFP4_GIVEN, given)
            annie_train_fake_quantize(
                nil, &halves, true, blocks.weights, shape.columns, shape.rows, shape.columns, blocks.tensorScale,
                ANNIE_NVFP4_GIVEN, given)
        }
        #expect(scales == given)
        #expect(codes == NVFP4Reference.codes(blocks.weights, scales: given, tensorScale: blocks.tensorScale))
        #expect(full.map(\.bitPattern) == exported.map(\.bitPattern))
        #expect(halves.map { UInt32($0) << 16 } == exported.map(\.bitPattern))
    }

    @Test(arguments: instructionSets, [1, 3])
    func gradientsOfLearnedScalesAreThoseOfThePlainForm(isa: annie_isa, threads: Int32) {
        let blocks = Blocks(seed: 8)
        var ranges = blocks.ranges()
        let scales = blocks.scales(&ranges)
        let pool = annie_pool_create(threads)
        defer { annie_pool_destroy(pool) }
        var (weights, found) = (blocks.gradients, [Float](repeating: .nan, count: Blocks.count))
        Self.with(isa) {
            annie_train_learned_gradient(
                pool, &weights, &found, blocks.weights, scales, Blocks.count, blocks.tensorScale, 0.5)
        }
        var (passed, expected, saturated) = (blocks.gradients, [Double](), 0)
        for (block, scale) in scales.enumerated() {
            var sum = 0.0
            for index in block * 16..<block * 16 + 16 {
                let v = blocks.weights[index] / blocks.step(scale)
                let code = NVFP4Reference.value(NVFP4Reference.code(v))
                sum += Double(blocks.gradients[index]) * Double(abs(v) > 6 ? (v > 0 ? 6 : -6) : code - v)
                if abs(v) > 6 { (passed[index], saturated) = (0, saturated + 1) }
            }
            expected.append(sum * 0.5 / 6)
        }
        #expect(saturated > 20)
        #expect(weights == passed)
        #expect(relativeError(found, expected) < 1e-6)
        // The forms agree to the bit.
        var (portableWeights, portable) = (blocks.gradients, [Float](repeating: .nan, count: Blocks.count))
        Self.with(ANNIE_ISA_PORTABLE) {
            annie_train_learned_gradient(
                nil, &portableWeights, &portable, blocks.weights, scales, Blocks.count, blocks.tensorScale, 0.5)
        }
        #expect(found.map(\.bitPattern) == portable.map(\.bitPattern) && weights == portableWeights)
    }

    /// Rounding as a constant distance, which is what "straight through" says: to codes, and of scales to e4m3. Then the
    /// loss is smooth, and differences of it are its gradient.
    @Test func gradientsOfLearnedScalesAreDifferencesOfTheSmoothLoss() {
        let blocks = Blocks(seed: 9)
        var ranges = blocks.ranges()
        let scales = blocks.scales(&ranges)
        var (gradients, found) = (blocks.gradients, [Float](repeating: 0, count: Blocks.count))
        annie_train_learned_gradient(
            nil, &gradients, &found, blocks.weights, scales, Blocks.count, blocks.tensorScale, 1)
        var compared = 0
        for block in 2..<Blocks.count {
            let step = Double(blocks.step(scales[block]))
            let scaleError = step - Double(ranges[block]) / 6
            let elements = (block * 16..<block * 16 + 16).map { index in
                let weight = Double(blocks.weights[index])
                let code = Double(NVFP4Reference.value(NVFP4Reference.code(blocks.weights[index] / Float(step))))
                return (index, weight, code - min(max(weight / step, -6), 6))
            }
            // At the limit itself the loss has a corner.
            if elements.contains(where: { abs(abs($0.1 / step) - 6) < 1e-3 }) { continue }
            compared += 1
            func loss(range: Double, moving moved: Int? = nil, by distance: Double = 0) -> Double {
                let step = range / 6 + scaleError
                return elements.reduce(0) { sum, element in
                    let weight = element.1 + (element.0 == moved ? distance : 0)
                    return sum + Double(blocks.gradients[element.0])
                        * step * (min(max(weight / step, -6), 6) + element.2)
                }
            }
            let range = Double(ranges[block])
            let h = range * 1e-6
            let slope = (loss(range: range + h) - loss(range: range - h)) / (2 * h)
            #expect(abs(slope - Double(found[block])) < 1e-4 * max(1, abs(slope)), "block \(block)")
            for (index, _, _) in elements {
                let slope =
                    (loss(range: range, moving: index, by: h) - loss(range: range, moving: index, by: -h)) / (2 * h)
                #expect(abs(slope - Double(gradients[index])) < 1e-4 * max(1, abs(slope)), "weight \(index)")
            }
        }
        #expect(compared > 30)
    }
}
