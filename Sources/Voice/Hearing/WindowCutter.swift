/// Cuts the line's 20 ms frames into the detector's 32 ms windows.
package struct WindowCutter: Sendable {
    private var rest: [Float] = []

    /// A cutter that has heard nothing yet.
    package init() {}

    /// The windows that `frame` completes, in order.
    package mutating func cut(_ frame: [Float]) -> [[Float]] {
        rest.append(contentsOf: frame)
        var windows: [[Float]] = []
        var start = 0
        while rest.count - start >= SpeechBuffer.window {
            windows.append(Array(rest[start..<(start + SpeechBuffer.window)]))
            start += SpeechBuffer.window
        }
        rest.removeFirst(start)
        return windows
    }
}

/// How loud a stretch of sound is: its root mean square, from 0 to 1.
package func audioLevel(_ samples: some Collection<Float>) -> Float {
    guard !samples.isEmpty else { return 0 }
    var sum: Float = 0
    for sample in samples where sample.isFinite { sum += sample * sample }
    return min(1, (sum / Float(samples.count)).squareRoot())
}
