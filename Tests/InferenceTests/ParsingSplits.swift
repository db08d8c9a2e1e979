import Inference

/// Feeds a text to a parser in pieces.
enum ParsingSplits {
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// The text whole, scalar by scalar, cut in two at every place, and in random pieces.
    static func all(of text: String, seed: UInt64 = 7, randomCount: Int = 40) -> [[String]] {
        let scalars = Array(text.unicodeScalars)
        var splits = [[text], scalars.map { String(Character($0)) }]
        splits += scalars.indices.map { [string(scalars[..<$0]), string(scalars[$0...])] }
        var generator = Generator(state: seed)
        for _ in 0..<randomCount {
            var pieces: [String] = []
            var start = 0
            while start < scalars.count {
                let end = min(scalars.count, start + Int.random(in: 1...9, using: &generator))
                pieces.append(string(scalars[start..<end]))
                start = end
            }
            splits.append(pieces)
        }
        return splits
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    static func deltas(of pieces: [String], with parser: ReplyParser, truncated: Bool) -> [ReplyDelta] {
        var parser = parser
        return pieces.flatMap { parser.append($0) } + parser.finish(truncated: truncated)
    }
}
