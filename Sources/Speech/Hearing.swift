import Foundation

/// Hears a recording, as `annie hear` does: cut at pauses, a stretch of speech at a time.
public struct Hearing: Sendable {
    /// What was heard.
    public enum Event: Sendable, Equatable {
        /// What has been said of a stretch so far; later events replace it.
        case partial(String, at: ClosedRange<Double>)
        /// All of a stretch, with where it lies in seconds.
        case final(String, at: ClosedRange<Double>)
    }

    /// Silence that ends a stretch, in seconds. Short pauses do not: the model hears better with more around a word.
    public var pause = 0.7
    /// How often a partial transcript is made while somebody speaks, in seconds; nil makes none.
    public var partialInterval: Double?

    private let engine: any SpeechEngine
    private static let window = 512
    private static let rate = 16_000.0
    /// Silero's own advice: speech begins at this probability, and ends well below.
    private static let onset: Float = 0.5
    private static let offset: Float = 0.35
    /// What is kept before the onset, which detectors notice late; about 0.3 s.
    private static let leadWindows = 10
    /// A stretch without a pause is cut after 20 s.
    private static let longestStretch = 20 * 16_000

    /// Hears with this engine.
    public init(with engine: any SpeechEngine) { self.engine = engine }

    /// Hears 16 kHz samples; the events come as the work is done.
    public func hear(_ samples: [Float]) -> AsyncThrowingStream<Event, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await hear(samples) { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func hear(_ samples: [Float], _ report: (Event) -> Void) async throws {
        let detector = try await engine.makeVoiceActivityDetector()
        let pauseWindows = Int((pause * Self.rate / Double(Self.window)).rounded(.up))
        var (start, quiet, partialEnd): (Int?, Int, Int) = (nil, 0, 0)
        for position in stride(from: 0, to: samples.count, by: Self.window) {
            let end = min(position + Self.window, samples.count)
            let padding = [Float](repeating: 0, count: Self.window - (end - position))
            let probability = try await detector.speechProbability(Array(samples[position..<end]) + padding)
            if start == nil, probability >= Self.onset {
                start = max(0, position - Self.leadWindows * Self.window)
                partialEnd = position
            }
            guard let first = start else { continue }
            quiet = probability < Self.offset ? quiet + 1 : 0
            if quiet >= pauseWindows || end - first >= Self.longestStretch || end == samples.count {
                try await transcribe(samples, first..<end, report) { .final($0, at: $1) }
                (start, quiet) = (nil, 0)
            } else if quiet == 0, let partialInterval, Double(end - partialEnd) / Self.rate >= partialInterval {
                try await transcribe(samples, first..<end, report) { .partial($0, at: $1) }
                partialEnd = end
            }
        }
    }

    private func transcribe(
        _ samples: [Float], _ range: Range<Int>, _ report: (Event) -> Void,
        _ event: (String, ClosedRange<Double>) -> Event
    ) async throws {
        let text = try await engine.transcribe(Array(samples[range]))
        let seconds = Double(range.lowerBound) / Self.rate...Double(range.upperBound) / Self.rate
        if !text.isEmpty { report(event(text, seconds)) }
    }
}
