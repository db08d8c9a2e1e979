import Locking
import WebRTC

/// Gives back what the caller said, at the rate of the way back.
final class EchoSource: AudioSource {
    private struct State {
        var samples: [Int16] = []
        var isFlowing = false
    }

    // Packets come unevenly: to begin at once would mean to run dry again and again.
    private static let head = 480 * 2

    private let state = Locked(State())

    /// Takes 320 samples at 16 kHz: three of 24 kHz are made of each two.
    func append(_ frame: [Float]) {
        let louder = frame.map { Int16(max(-1, min(1, $0)) * 32767) }
        state.withLock { state in
            for index in stride(from: 0, to: louder.count - 1, by: 2) {
                let (a, b) = (Int(louder[index]), Int(louder[index + 1]))
                let next = index + 2 < louder.count ? Int(louder[index + 2]) : b
                state.samples += [Int16(a), Int16((a + 2 * b) / 3), Int16((2 * b + next) / 3)]
            }
            // An echo that lags ever more behind helps nobody: half a second is kept.
            state.samples.removeFirst(max(0, state.samples.count - 12_000))
            if state.samples.count >= Self.head { state.isFlowing = true }
        }
    }

    func read(into frame: UnsafeMutableBufferPointer<Int16>) -> Bool {
        state.withLock { state in
            if state.samples.count < frame.count { state.isFlowing = false }
            guard state.isFlowing else { return false }
            for index in frame.indices { frame[index] = state.samples[index] }
            state.samples.removeFirst(frame.count)
            return true
        }
    }
}
