import Checkpoints
import Foundation
import Testing

@Suite("GGUF tensor formats") struct GGUFDecodingTests {
    private let file: GGUFFile
    private let expected: [Float]

    init() throws {
        file = try GGUFFile(contentsOf: ggufFixture("blocks.gguf"))
        expected = try floats("blocks.expected.f32")
    }

    private static let fixtureOrder: [GGUFTensorType] = [
        .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K, .q6_K, .mxfp4, .nvfp4,
    ]

    @Test("decodes to ggml's own values, bit for bit", arguments: fixtureOrder)
    func decodesLikeGGML(type: GGUFTensorType) throws {
        let tensor = try #require(file.tensor(named: "values.\(type.name.lowercased()).weight"))
        #expect(tensor.type == type)
        #expect(tensor.shape == [2, 256])
        let position = try #require(Self.fixtureOrder.firstIndex(of: type))
        let values = try file.float32(tensor)
        #expect(values.map(\.bitPattern) == expected[(512 * position)..<(512 * (position + 1))].map(\.bitPattern))
    }

    @Test("every format the reader knows is in the fixture")
    func fixtureIsComplete() {
        #expect(Set(Self.fixtureOrder) == Set(GGUFTensorType.allCases))
    }

    @Test("bf16 is the rounded float", arguments: fixtureOrder)
    func roundsToBFloat16(type: GGUFTensorType) throws {
        let tensor = try #require(file.tensor(named: "values.\(type.name.lowercased()).weight"))
        let rounded = try file.float32(tensor).map { value -> UInt16 in
            let bits = value.bitPattern
            let (low, kept) = (bits & 0xFFFF, bits >> 16)
            return UInt16(kept + (low > 0x8000 || (low == 0x8000 && kept & 1 == 1) ? 1 : 0))
        }
        #expect(try file.bfloat16(tensor) == rounded)
    }

    @Test("a sidecar scale multiplies the blocks")
    func appliesSidecarScale() throws {
        let scaled = try file.float32(#require(file.tensor(named: "scaled.weight")))
        let plain = try file.float32(#require(file.tensor(named: "values.nvfp4.weight")))
        for (scaled, plain) in zip(scaled, plain) {
            #expect(abs(scaled - plain * 0.0123) <= abs(scaled) * 1e-6)
        }
    }

    @Test("all scale bytes of NVFP4 and MXFP4 decode as ggml decodes them, subnormals and NaN included")
    func decodesEveryScale() throws {
        let file = try GGUFFile(contentsOf: ggufFixture("scales.gguf"))
        let expected = try floats("scales.expected.f32")
        let nvfp4 = try file.float32(#require(file.tensor(named: "nvfp4.weight")))
        let mxfp4 = try file.float32(#require(file.tensor(named: "mxfp4.weight")))
        // Compared as numbers: ggml decodes the code of -0 to +0.
        let wrong = zip(nvfp4 + mxfp4.prefix(128) + mxfp4.suffix(128), expected).enumerated().filter { $1.0 != $1.1 }
        #expect(wrong.map(\.offset) == [])
        #expect(expected.count == 4096 + 256)
    }

    @Test("all half-precision bit patterns decode exactly")
    func decodesEveryHalf() throws {
        var bytes = GGUFBytes(tensors: 1)
        bytes.appendTensor("halves", [65536], type: 1)
        bytes.appendData((0..<65536).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        let file = try bytes.open()
        let values = try file.float32(file.tensors[0])
        let wrong = (0..<65536).filter { pattern in
            let exact = Float(Float16(bitPattern: UInt16(pattern)))
            return exact.isNaN ? !values[pattern].isNaN : values[pattern].bitPattern != exact.bitPattern
        }
        #expect(wrong == [])
    }
}
