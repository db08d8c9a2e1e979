import Foundation
import Inference

/// The work that `annie bench` times, done through the engine as any request is.
struct Benchmark {
    let generator: any TextGenerator
    let repeats: Int
    private var random = SplitMix(state: 1)

    init(_ generator: any TextGenerator, repeats: Int) {
        self.generator = generator
        self.repeats = repeats
    }

    /// Tokens per second of reading a prompt that shares nothing with an earlier one.
    mutating func prefill(tokens count: Int) async throws -> Measurement {
        var samples: [Double] = []
        // The first run warms the caches and is not counted.
        for run in 0...repeats {
            let summary = try await generate(tokens(count), replyTokens: 1).summary
            if run > 0 { samples.append(Double(count) / summary.prefillSeconds) }
        }
        return Measurement(samples)
    }

    /// Tokens per second of writing 128 tokens after a prompt of that depth.
    mutating func decode(depth: Int) async throws -> Measurement {
        let prompt = tokens(max(depth, 1))
        var samples: [Double] = []
        for run in 0...repeats {
            // The prompt is read once; later runs take it from the cache.
            let summary = try await generate(prompt, replyTokens: 129).summary
            if run > 0 { samples.append(Double(summary.completionTokens - 1) / summary.decodeSeconds) }
        }
        return Measurement(samples)
    }

    /// Twenty turns: 362 tokens at first, then the reply of 48 and 65 new ones a turn.
    mutating func conversation(turns: Int = 20) async throws -> [BenchReport.Turn] {
        var seconds = Array(repeating: [Double](), count: turns)
        var rows: [BenchReport.Turn] = []
        for _ in 0..<repeats {
            rows = []
            var history = tokens(362)
            for turn in 0..<turns {
                let run = try await generate(history, replyTokens: 48)
                seconds[turn].append(run.firstTokenSeconds)
                rows.append(
                    BenchReport.Turn(
                        turn: turn + 1, promptTokens: run.summary.promptTokens, cachedTokens: run.summary.cachedTokens,
                        firstTokenSeconds: Measurement(seconds[turn])))
                history += run.reply + tokens(65)
            }
        }
        return rows
    }

    private struct Run {
        var reply: [Int32] = []
        var firstTokenSeconds: Double
        var summary: GenerationSummary
    }

    private func generate(_ prompt: [Int32], replyTokens: Int) async throws -> Run {
        var stop = StopConditions(maximumTokens: replyTokens)
        stop.ignoresEndOfSequence = true
        let request = GenerationRequest(id: UUID().uuidString, prompt: prompt, sampling: .greedy, stop: stop)
        let clock = ContinuousClock()
        let start = clock.now
        var firstToken: Double?
        var reply: [Int32] = []
        for try await event in try generator.generate(request) {
            switch event {
            case .prompt: break
            case .token(let token):
                if firstToken == nil { firstToken = (clock.now - start) / .seconds(1) }
                reply.append(token.id)
            case .finished(let summary):
                return Run(reply: reply, firstTokenSeconds: firstToken ?? 0, summary: summary)
            }
        }
        throw GenerationError.shuttingDown
    }

    /// Token ids without meaning, as speed does not depend on it; special tokens, which come first or last, are left out.
    private mutating func tokens(_ count: Int) -> [Int32] {
        let size = UInt64(generator.model.vocabularySize)
        let margin = size / 16
        return (0..<count).map { _ in Int32(margin + random.next() % (size - 2 * margin)) }
    }
}

/// Steele, Lea and Flood's SplitMix64: the same tokens every time.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
