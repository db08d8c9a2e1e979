import CKernels
import Foundation
import Testing

private struct GoldenVectors {
    let data: Data
    let header: [String: [String: Any]]

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        data = try Data(contentsOf: folder.appending(path: "Fixtures/nvfp4/nvfp4_vectors.safetensors"))
        let length = Int(data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let parsed = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
        var header = try #require(parsed as? [String: [String: Any]])
        header["__metadata__"] = nil
        self.header = header
    }

    func values<Value>(_ name: String, as: Value.Type) throws -> [Value] {
        let offsets = try #require(header[name]?["data_offsets"] as? [Int])
        let start = 8 + Int(data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let bytes = data.subdata(in: start + offsets[0]..<start + offsets[1])
        return [Value](unsafeUninitializedCapacity: bytes.count / MemoryLayout<Value>.stride) { buffer, count in
            count = bytes.copyBytes(to: buffer) / MemoryLayout<Value>.stride
        }
    }

    func shape(_ name: String) throws -> (rows: Int, columns: Int) {
        let shape = try #require(header[name]?["shape"] as? [Int])
        return (shape[0], shape[1])
    }
}

private func quantize(
    _ input: [Float], rows: Int, columns: Int, scale: Float, method: annie_nvfp4_method, pool: OpaquePointer? = nil
) -> (codes: [UInt8], scales: [UInt8]) {
    var codes = [UInt8](repeating: 0, count: rows * columns / 2)
    var scales = [UInt8](repeating: 0, count: rows * columns / 16)
    annie_nvfp4_quantize(pool, &codes, &scales, input, false, rows, columns, scale, method)
    return (codes, scales)
}

private func dequantize(_ codes: [UInt8], _ scales: [UInt8], rows: Int, columns: Int, scale: Float) -> [Float] {
    var out = [Float](repeating: 0, count: rows * columns)
    annie_nvfp4_dequantize(nil, &out, false, codes, scales, rows, columns, scale)
    return out
}

private func squaredError(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
}

extension Kernels {
    @Suite struct NVFP4 {
        @Test(arguments: ["full", "body", "mid", "full_bf16", "mid_bf16", "tie", "stale"], instructionSets)
        func quantizingGivesModelOptsBytes(set: String, isa: annie_isa) throws {
            let golden = try GoldenVectors()
            let (rows, columns) = try golden.shape("in.\(set)")
            let scale = try golden.values("mo.\(set).weight_scale_2", as: Float.self)[0]
            var codes = [UInt8](repeating: 0, count: rows * columns / 2)
            var scales = [UInt8](repeating: 0, count: rows * columns / 16)
            let isBF16 = set.hasSuffix("bf16")
            let input =
                isBF16
                ? try golden.values("in.\(set)", as: UInt16.self).withUnsafeBytes { Data($0) }
                : try golden.values("in.\(set)", as: Float.self).withUnsafeBytes { Data($0) }
            Kernels.with(isa) {
                input.withUnsafeBytes {
                    annie_nvfp4_quantize(
                        nil, &codes, &scales, $0.baseAddress, isBF16, rows, columns, scale, ANNIE_NVFP4_MAX)
                }
            }
            #expect(try codes == golden.values("mo.\(set).packed", as: UInt8.self))
            #expect(try scales == golden.values("mo.\(set).weight_scale_u8", as: UInt8.self))
        }

        @Test(arguments: ["full", "body", "mid", "full_bf16", "tie", "stale"], instructionSets)
        func dequantizingGivesModelOptsBits(set: String, isa: annie_isa) throws {
            let golden = try GoldenVectors()
            let (rows, columns) = try golden.shape("in.\(set)")
            let scale = try golden.values("mo.\(set).weight_scale_2", as: Float.self)[0]
            let codes = try golden.values("mo.\(set).packed", as: UInt8.self)
            let scales = try golden.values("mo.\(set).weight_scale_u8", as: UInt8.self)
            var floats = [Float](repeating: 0, count: rows * columns)
            var halves = [UInt16](repeating: 0, count: rows * columns)
            Kernels.with(isa) {
                annie_nvfp4_dequantize(nil, &floats, false, codes, scales, rows, columns, scale)
                annie_nvfp4_dequantize(nil, &halves, true, codes, scales, rows, columns, scale)
            }
            #expect(
                try floats.bitPatterns == golden.values("mo.\(set).dequant_f32", as: Float.self).bitPatterns)
            #expect(try halves == golden.values("mo.\(set).dequant_bf16", as: UInt16.self))
        }

        @Test func e4m3TableAgreesWithTorch() throws {
            let golden = try GoldenVectors()
            let inputs = try golden.values("e4m3.in", as: Float.self)
            let bytes = try golden.values("e4m3.u8_noclampmin", as: UInt8.self)
            for (value, byte) in zip(inputs, bytes) { #expect(annie_e4m3_from_f32(value) == byte) }
        }

        @Test func aTensorOfZerosHasScaleOneAndCodesZero() {
            let (codes, scales) = quantize(
                [Float](repeating: 0, count: 64), rows: 2, columns: 32, scale: 0, method: ANNIE_NVFP4_MAX)
            #expect(codes.allSatisfy { $0 == 0 } && scales.allSatisfy { $0 == 0x38 })
        }

        @Test(arguments: [ANNIE_NVFP4_MSE, ANNIE_NVFP4_FOUR_OVER_SIX])
        func searchedScalesHaveNoLargerError(method: annie_nvfp4_method) {
            var generator = SeededGenerator(3)
            let weights = generator.normals(64 * 256, scale: 0.03)
            let amax = annie_amax_f32(nil, weights, weights.count)
            let scale = amax / (6 * (method == ANNIE_NVFP4_FOUR_OVER_SIX ? 256 : 448))
            let plain = quantize(weights, rows: 64, columns: 256, scale: scale, method: ANNIE_NVFP4_MAX)
            let searched = quantize(weights, rows: 64, columns: 256, scale: scale, method: method)
            let plainValues = dequantize(plain.codes, plain.scales, rows: 64, columns: 256, scale: scale)
            let searchedValues = dequantize(searched.codes, searched.scales, rows: 64, columns: 256, scale: scale)
            for block in stride(from: 0, to: weights.count, by: 16) {
                let original = Array(weights[block..<block + 16])
                let before = squaredError(Array(plainValues[block..<block + 16]), original)
                let after = squaredError(Array(searchedValues[block..<block + 16]), original)
                #expect(after <= before * 1.00001)
            }
            #expect(squaredError(searchedValues, weights) < 0.97 * squaredError(plainValues, weights))
        }

        @Test(arguments: [(1, 16), (7, 48), (100, 1552)])
        func givenScalesAreReadAndKept(rows: Int, columns: Int) {
            var generator = SeededGenerator(6)
            let weights = generator.normals(rows * columns, scale: 0.05)
            let given = (0..<rows * columns / 16).map { _ in UInt8.random(in: 0x01...0x7E, using: &generator) }
            let pool = Pool(threads: 3)
            let results = Kernels.instructionSets.flatMap { isa in
                Kernels.with(isa) {
                    [nil, pool.pointer].map { pool in
                        var (codes, scales) = ([UInt8](repeating: 0, count: rows * columns / 2), given)
                        annie_nvfp4_quantize(
                            pool, &codes, &scales, weights, false, rows, columns, 1e-4, ANNIE_NVFP4_GIVEN)
                        #expect(scales == given)
                        return codes
                    }
                }
            }
            for codes in results { #expect(codes == results[0]) }
            // Under the scales that a method chose, the codes are the method's.
            let plain = quantize(weights, rows: rows, columns: columns, scale: 1e-4, method: ANNIE_NVFP4_MAX)
            var (codes, scales) = ([UInt8](repeating: 0, count: rows * columns / 2), plain.scales)
            annie_nvfp4_quantize(nil, &codes, &scales, weights, false, rows, columns, 1e-4, ANNIE_NVFP4_GIVEN)
            #expect(codes == plain.codes)
        }

        @Test(arguments: [ANNIE_NVFP4_MAX, ANNIE_NVFP4_MSE, ANNIE_NVFP4_FOUR_OVER_SIX])
        func everyInstructionSetAndThreadCountChoosesTheSame(method: annie_nvfp4_method) {
            var generator = SeededGenerator(4)
            let weights = generator.normals(100 * 1552, scale: 0.05)
            let pool = Pool(threads: 3)
            let results = Kernels.instructionSets.flatMap { isa in
                Kernels.with(isa) {
                    [nil, pool.pointer].map {
                        quantize(weights, rows: 100, columns: 1552, scale: 1e-4, method: method, pool: $0)
                    }
                }
            }
            for result in results {
                #expect(result.codes == results[0].codes)
                #expect(result.scales == results[0].scales)
            }
        }
    }
}
