import Foundation
import NIOCore
import WebRTC

/// Chance that is the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Calls `body` with samples damaged in many ways, and with mere noise.
func fuzz(_ samples: [[UInt8]], rounds: Int = 20_000, seed: UInt64 = 1, _ body: ([UInt8]) -> Void) {
    var chance = SeededGenerator(seed: seed)
    for round in 0..<rounds {
        var bytes = samples[round % samples.count]
        for _ in 0..<Int.random(in: 1...4, using: &chance) {
            let at = Int.random(in: 0...max(0, bytes.count - 1), using: &chance)
            switch Int.random(in: 0..<5, using: &chance) {
            case 0 where !bytes.isEmpty: bytes[at] = .random(in: 0...255, using: &chance)
            case 1 where !bytes.isEmpty: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            case 2: bytes.removeLast(Int.random(in: 0...bytes.count, using: &chance))
            case 3: bytes.insert(contentsOf: bytes.prefix(8), at: min(at, bytes.count))
            default:
                bytes = (0..<Int.random(in: 0..<64, using: &chance)).map { _ in .random(in: 0...255, using: &chance) }
            }
        }
        body(bytes)
    }
}

func fixture(_ name: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: folder.appending(path: "Fixtures/webrtc/\(name)"), encoding: .utf8)
}

/// A moment so many milliseconds after an arbitrary beginning.
func at(_ milliseconds: Int) -> NIODeadline {
    .uptimeNanoseconds(1_000_000_000_000) + .milliseconds(Int64(milliseconds))
}

extension [UInt8] {
    /// Bytes from hexadecimal digits with any white space between.
    init(hex: String) {
        let digits = hex.filter(\.isHexDigit).map { UInt8($0.hexDigitValue ?? 0) }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
