import CKernels
import Foundation
import Testing

extension Kernels {
    @Suite struct Numbers {
        @Test func everyE4M3ByteSurvivesDecodingAndEncoding() {
            for byte in UInt8.min...UInt8.max where byte & 0x7F != 0x7F {
                #expect(annie_e4m3_from_f32(annie_f32_from_e4m3(byte)) == byte)
            }
            #expect(annie_f32_from_e4m3(0x7F).isNaN && annie_f32_from_e4m3(0xFF).isNaN)
            #expect(annie_f32_from_e4m3(0x01) == 0x1p-9 && annie_f32_from_e4m3(0x7E) == 448)
        }

        @Test func e4m3RoundsHalfwayToTheEvenByteAndSaturates() {
            for byte in UInt8(0)..<0x7E {
                let low = annie_f32_from_e4m3(byte)
                let high = annie_f32_from_e4m3(byte + 1)
                let middle = (low + high) / 2
                #expect(annie_e4m3_from_f32(middle) == (byte % 2 == 0 ? byte : byte + 1))
                #expect(annie_e4m3_from_f32(middle.nextDown) == byte)
                #expect(annie_e4m3_from_f32(middle.nextUp) == byte + 1)
            }
            #expect(annie_e4m3_from_f32(1e9) == 0x7E && annie_e4m3_from_f32(-.infinity) == 0xFE)
            #expect(annie_e4m3_from_f32(.nan) & 0x7F == 0x7F)
        }

        @Test func bf16RoundsToNearestEvenAndKeepsNaN() {
            var generator = SeededGenerator(1)
            for _ in 0..<10000 {
                let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
                let rounded = float(bf16: annie_bf16_from_f32(value))
                if value.isNaN {
                    #expect(rounded.isNaN)
                } else if rounded.isFinite {
                    let bits = rounded.bitPattern
                    let neighbours = [bits &- 0x10000, bits &+ 0x10000].map { Float(bitPattern: $0) }
                    let error = abs(Double(rounded) - Double(value))
                    #expect(neighbours.allSatisfy { !$0.isFinite || abs(Double($0) - Double(value)) >= error })
                }
            }
            #expect(annie_bf16_from_f32(Float(bitPattern: 0x3F80_8000)) == 0x3F80)
            #expect(annie_bf16_from_f32(Float(bitPattern: 0x3F81_8000)) == 0x3F82)
        }

        #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        @Test func everyF16BecomesItsFloat() {
            let all = (UInt16.min...UInt16.max).map { $0 }
            var out = [Float](repeating: 0, count: all.count)
            annie_f32_from_f16_array(&out, all, all.count)
            for (half, value) in zip(all, out) {
                let expected = Float(Float16(bitPattern: half))
                #expect(value == expected || (value.isNaN && expected.isNaN))
            }
        }
        #endif

        @Test func amaxFindsTheLargestMagnitudeAndReportsNaN() {
            let pool = Pool(threads: 2)
            var generator = SeededGenerator(2)
            var values = generator.normals(200_001)
            values[131_072] = -77
            #expect(annie_amax_f32(pool.pointer, values, values.count) == 77)
            #expect(annie_amax_bf16(pool.pointer, bf16(values), values.count) == 77)
            #expect(annie_amax_f32(pool.pointer, values, 0) == 0)
            values[200_000] = .nan
            #expect(annie_amax_f32(pool.pointer, values, values.count).isNaN)
            #expect(annie_amax_bf16(pool.pointer, bf16(values), values.count).isNaN)
        }
    }
}
