/// Cuts text into pretokens, the pieces that byte-pair merges never cross.
struct Pretokenizer: Sendable {
    /// One step; each works on the pieces the step before it left.
    enum Step: Sendable {
        /// Cuts at the matches of a pattern.
        case split(RegexProgram, SplitBehavior, inverts: Bool)
        /// Puts a space before every piece that does not begin with one (`add_prefix_space`).
        case prefixSpace
    }

    /// GPT-2's pattern, which the component `ByteLevel` applies unless `use_regex` is false.
    static let byteLevelPattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    let steps: [Step]

    /// Calls `body` with each pretoken of `text`, which must be valid UTF-8.
    func forEachPretoken(of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard text.count > 0 else { return }
        run(steps[...], over: text, [0..<text.count], body)
    }

    private func run(
        _ steps: ArraySlice<Step>, over text: UnsafeBufferPointer<UInt8>, _ pieces: [Range<Int>],
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard let step = steps.first else {
            for piece in pieces { body(UnsafeBufferPointer(rebasing: text[piece])) }
            return
        }
        switch step {
        case .split(let program, let behavior, let inverts):
            var cut: [Range<Int>] = []
            cut.reserveCapacity(max(pieces.count, text.count / 4))
            for piece in pieces {
                Self.split(piece, of: text, by: program, behavior, inverts, into: &cut)
            }
            run(steps.dropFirst(), over: text, cut, body)
        case .prefixSpace:
            var spaced: [UInt8] = []
            spaced.reserveCapacity(text.count + pieces.count)
            let moved = pieces.map { piece in
                let start = spaced.count
                if text[piece.lowerBound] != 0x20 { spaced.append(0x20) }
                spaced.append(contentsOf: text[piece])
                return start..<spaced.count
            }
            spaced.withUnsafeBufferPointer { run(steps.dropFirst(), over: $0, moved, body) }
        }
    }

    private static func split(
        _ piece: Range<Int>, of text: UnsafeBufferPointer<UInt8>, by program: RegexProgram, _ behavior: SplitBehavior,
        _ inverts: Bool, into pieces: inout [Range<Int>]
    ) {
        let bytes = UnsafeBufferPointer(rebasing: text[piece])
        let base = piece.lowerBound
        var splitter = Splitter(behavior: behavior)
        var end = 0
        RegexMatcher.forEachMatch(of: program, in: bytes) { start, next in
            if start > end { splitter.add(base + end..<base + start, isMatch: inverts, to: &pieces) }
            splitter.add(base + start..<base + next, isMatch: !inverts, to: &pieces)
            end = next
        }
        if end < bytes.count { splitter.add(base + end..<base + bytes.count, isMatch: inverts, to: &pieces) }
        splitter.finish(&pieces)
    }
}
