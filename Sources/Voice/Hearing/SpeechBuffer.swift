/// The last stretch of what the microphone heard, addressed by its position on the call's sample clock.
package struct SpeechBuffer: Sendable {
    /// Samples a second.
    package static let sampleRate = 16_000
    /// Samples in a window of the voice activity detector: 32 ms.
    package static let window = 512

    private var samples: [Float] = []
    /// Position of the first sample kept.
    package private(set) var start = 0
    private let capacity: Int

    /// - Parameter seconds: What is kept at most; the oldest goes first.
    package init(seconds: Double) {
        capacity = Int(seconds * Double(Self.sampleRate))
    }

    /// Position after the last sample.
    package var end: Int { start + samples.count }
    /// Samples held.
    package var count: Int { samples.count }

    /// Adds what was heard next.
    package mutating func append(_ heard: some Collection<Float>) {
        samples.append(contentsOf: heard)
        if samples.count > capacity { drop(before: end - capacity) }
    }

    /// What was heard in `range`, or as much of it as is still here, followed by `padding` samples of silence.
    package func samples(in range: Range<Int>, padding: Int = 0) -> [Float] {
        let lower = min(max(range.lowerBound, start), end)
        let upper = max(lower, min(range.upperBound, end))
        var slice: [Float] = []
        slice.reserveCapacity(upper - lower + padding)
        slice.append(contentsOf: samples[(lower - start)..<(upper - start)])
        slice.append(contentsOf: repeatElement(0, count: max(0, padding)))
        return slice
    }

    /// Lets go of what nobody needs. Moves the rest only once that is worth it.
    package mutating func drop(before position: Int) {
        let surplus = min(position, end) - start
        guard surplus > 0, surplus >= samples.count / 2 || samples.count > capacity else { return }
        samples.removeFirst(surplus)
        start += surplus
    }
}
