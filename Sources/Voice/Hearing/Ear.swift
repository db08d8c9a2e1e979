import Locking
import Logging
import Speech

/// What the ear makes of the microphone.
enum EarReport: Sendable {
    /// The next window.
    case window(start: Int, probability: Float, level: Float)
    /// Whether the detector works; told when that changes.
    case works(Bool)
}

/// Cuts the microphone's sound into windows, keeps it for the recogniser, and asks the detector about each, in order.
struct Ear: Sendable {
    let speech: any SpeechEngine
    let buffer: Locked<SpeechBuffer>
    let silenceFloor: Float
    let clock: any CallClock
    let logger: Logger
    let report: @Sendable (EarReport) -> Void

    /// Seconds before a detector that failed is made again, at first and at most.
    private static let pauses = (first: 0.25, most: 8.0)

    /// Loudness of a quiet room, -60 dB: where nothing louder was heard for two seconds, it is as good as silence. Within
    /// speech it is not: words end softly.
    private static let quietFloor: Float = 0.001
    private static let quietAfter = 62

    /// Frames that may wait while the detector is busy: 5 s; then the oldest are dropped.
    static let backlog = 250

    /// Listens until the frames end.
    func listen(to frames: AsyncStream<[Float]>) async {
        var cutter = WindowCutter()
        var detector: (any VoiceActivityDetector)?
        var pause = Self.pauses.first
        var nextAttempt = clock.now
        var quietWindows = 0
        for await frame in frames {
            for window in cutter.cut(frame) {
                let start = buffer.withLock { buffer in
                    let start = buffer.end
                    buffer.append(window)
                    return start
                }
                let level = audioLevel(window)
                var probability: Float = 0
                quietWindows = level < Self.quietFloor ? quietWindows + 1 : 0
                // Silence needs no detector, so a line on which nobody speaks wakes nobody.
                let isSilent = level < silenceFloor || quietWindows > Self.quietAfter
                if !isSilent, clock.now >= nextAttempt {
                    do {
                        let working: any VoiceActivityDetector
                        if let detector { working = detector } else { working = try await makeDetector() }
                        detector = working
                        probability = try await working.speechProbability(window)
                        pause = Self.pauses.first
                    } catch {
                        if Task.isCancelled { return }
                        logger.warning("voice activity detection failed: \(error)")
                        detector = nil
                        // Before it is told: who hears of it may let time pass at once.
                        nextAttempt = clock.now + pause
                        report(.works(false))
                        pause = min(pause * 2, Self.pauses.most)
                    }
                }
                report(.window(start: start, probability: probability, level: level))
            }
        }
    }

    private func makeDetector() async throws -> any VoiceActivityDetector {
        let detector = try await speech.makeVoiceActivityDetector()
        report(.works(true))
        return detector
    }
}
