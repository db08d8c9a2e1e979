import Tokenization

/// The tokens of a text, and which of them lie wholly within given spans of its bytes.
///
/// The text is encoded whole, because that is how the server encodes a history. A token that reaches over a span's edge
/// belongs to the outside: the served model, whose prompt ends at that edge, can never write it.
struct SpanTokens {
    var tokens: [Int32]
    var mask: [Bool]
    var straddling = 0

    /// Nil where the tokens cannot be laid over the text, because the tokenizer changes it just there.
    ///
    /// - Parameter spans: In order, not overlapping.
    init?(text: [UInt8], spans: [Range<Int>], tokenizer: Tokenizer) {
        tokens = tokenizer.encode(String(decoding: text, as: UTF8.self))
        mask = [Bool](repeating: false, count: tokens.count)
        let lengths = tokens.map { tokenizer.bytes(of: $0)?.count ?? 0 }
        if lengths.reduce(0, +) == text.count, lengths.allSatisfy({ $0 > 0 }) {
            mark(spans, lengths: lengths)
        } else if !mark(spans, pieces: text, tokenizer: tokenizer) {
            return nil
        }
    }

    private mutating func mark(_ spans: [Range<Int>], lengths: [Int]) {
        var spans = spans[...]
        var start = 0
        for (index, length) in lengths.enumerated() {
            let end = start + length
            while let span = spans.first, span.upperBound <= start { spans = spans.dropFirst() }
            if let span = spans.first, span.lowerBound < end {
                let isInside = span.lowerBound <= start && end <= span.upperBound
                mask[index] = isInside
                if !isInside { straddling += 1 }
            }
            start = end
        }
    }

    /// For a tokenizer that changes the text: it must then make the same tokens of the pieces as of the whole.
    private mutating func mark(_ spans: [Range<Int>], pieces text: [UInt8], tokenizer: Tokenizer) -> Bool {
        var encoded: [Int32] = []
        var mask: [Bool] = []
        func append(_ bytes: ArraySlice<UInt8>, isInside: Bool) {
            let piece = tokenizer.encode(String(decoding: bytes, as: UTF8.self))
            encoded += piece
            mask += [Bool](repeating: isInside, count: piece.count)
        }
        var position = 0
        for span in spans {
            append(text[position..<span.lowerBound], isInside: false)
            append(text[span], isInside: true)
            position = span.upperBound
        }
        append(text[position...], isInside: false)
        guard encoded == tokens else { return false }
        self.mask = mask
        return true
    }
}
