import Checkpoints
import Foundation
import NVFP4
import Testing

/// Tensors that other implementations made.
struct GoldenTensors {
    let file: SafetensorsFile

    init(_ name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        file = try SafetensorsFile(path: root.appending(path: "Fixtures/nvfp4/\(name)").path)
    }

    init(path: String) throws { file = try SafetensorsFile(path: path) }

    func bytes(_ name: String) throws -> [UInt8] { try file.tensor(name).withUnsafeBytes { Array($0) } }
    func floats(_ name: String) throws -> [Float] { try file.tensor(name).floats() }
    func scalar(_ name: String) throws -> Float { try file.tensor(name).scalar() }
    func columns(_ name: String) throws -> Int { try file.tensor(name).shape[1] }
    func rows(_ name: String) throws -> Int { try file.tensor(name).shape[0] }
}

/// Rounds to the nearest bf16, ties to even, and back; for comparing with bf16 results.
func roundedToBFloat16(_ value: Float) -> Float {
    let bits = value.bitPattern
    return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
}

/// Whether two lists have the same bits, so that -0 differs from 0.
func sameBits(_ left: [Float], _ right: [Float]) -> Bool { left.map(\.bitPattern) == right.map(\.bitPattern) }

/// A small generator with a seed, so that a failing case can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
