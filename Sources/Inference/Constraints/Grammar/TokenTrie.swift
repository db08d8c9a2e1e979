/// The bytes of a tokenizer's vocabulary as a tree, built once and walked beside an automaton to find the tokens that fit.
///
/// Nodes stand in depth-first order, each with the position after its subtree, so that a walk reads forward and a byte
/// that does not fit skips everything that begins with it.
public final class TokenTrie: Sendable {
    /// The size of the vocabulary; masks have a bit for each.
    public let vocabularySize: Int
    /// Tokens that end a reply.
    public let endTokens: [Int32]
    /// Which bytes are tokens by themselves. Only these can be relied on to spell any text.
    package let singleBytes: ByteSet
    /// Length of the longest token.
    package let longestToken: Int

    /// Per node: the byte on its edge, its depth (1 for a first byte) and the node after its subtree.
    package let bytes: [UInt8], depths: [UInt16], skips: [Int32]
    /// Tokens in the order of their nodes; node n ends the tokens at `tokenStarts[n] ..< tokenStarts[n + 1]`.
    package let tokenStarts: [Int32], tokens: [Int32]
    private let spans: [Range<Int32>], text: [UInt8]
    /// Where tokens lead from inside a JSON string, the same for every schema.
    package let stringInterior: StringInterior

    /// - Parameters:
    ///   - vocabularySize: Tokens are `0 ..< vocabularySize`.
    ///   - endTokens: Tokens that end a reply; they spell nothing.
    ///   - bytes: A token's bytes; nil for special tokens, which never fit a constraint.
    public init(vocabularySize: Int, endTokens: Set<Int32>, bytes: (Int32) -> [UInt8]?) {
        self.vocabularySize = vocabularySize
        self.endTokens = endTokens.filter { $0 >= 0 && $0 < vocabularySize }.sorted()
        let vocabulary = SpelledTokens(vocabularySize: vocabularySize, endTokens: endTokens, bytes: bytes)
        let nodes = TrieNodes(vocabulary)
        text = vocabulary.text
        spans = vocabulary.spans
        self.bytes = nodes.bytes
        depths = nodes.depths
        skips = nodes.skips
        tokenStarts = nodes.tokenStarts
        tokens = nodes.tokens
        singleBytes = vocabulary.singleBytes
        longestToken = vocabulary.spans.map(\.count).max() ?? 0
        stringInterior = StringInterior(nodes, vocabularySize: vocabularySize, singleBytes: vocabulary.singleBytes)
    }

    /// The bytes of a token; empty for special and unknown ones.
    package func bytes(of token: Int32) -> ArraySlice<UInt8> {
        guard spans.indices.contains(Int(token)) else { return [] }
        let span = spans[Int(token)]
        return text[Int(span.lowerBound)..<Int(span.upperBound)]
    }

    package var nodeCount: Int { bytes.count }
}

/// A set of bytes.
package struct ByteSet: Sendable, Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    package init() {}

    /// All 256.
    package static var all: ByteSet {
        var set = ByteSet()
        set.words = (~0, ~0, ~0, ~0)
        return set
    }

    package func contains(_ byte: UInt8) -> Bool {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: return words.0 & bit != 0
        case 1: return words.1 & bit != 0
        case 2: return words.2 & bit != 0
        default: return words.3 & bit != 0
        }
    }

    package mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    package static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }
}

/// The bytes of all tokens one after another.
private struct SpelledTokens {
    var text: [UInt8] = []
    var spans: [Range<Int32>] = []
    var singleBytes = ByteSet()

    init(vocabularySize: Int, endTokens: Set<Int32>, bytes: (Int32) -> [UInt8]?) {
        spans.reserveCapacity(vocabularySize)
        for token in 0..<Int32(vocabularySize) {
            let start = Int32(text.count)
            if !endTokens.contains(token), let spelled = bytes(token), spelled.count < Int(UInt16.max) {
                text.append(contentsOf: spelled)
                if spelled.count == 1 { singleBytes.insert(spelled[0]) }
            }
            spans.append(start..<Int32(text.count))
        }
    }

    /// Tokens with bytes, in the order of their bytes. The first eight decide most comparisons, as one number.
    func sorted() -> [Int32] {
        text.withUnsafeBufferPointer { text in
            let keys = spans.indices.filter { !spans[$0].isEmpty }.map { token -> (head: UInt64, token: Int32) in
                var head: UInt64 = 0
                for place in spans[token].prefix(8) { head = head << 8 | UInt64(text[Int(place)]) }
                return (head << UInt64(64 - 8 * min(spans[token].count, 8)), Int32(token))
            }
            return keys.sorted {
                $0.head != $1.head ? $0.head < $1.head : precedes($0.token, $1.token, text)
            }.map(\.token)
        }
    }

    private func precedes(_ left: Int32, _ right: Int32, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let leftSpan = spans[Int(left)]
        let rightSpan = spans[Int(right)]
        for (one, other) in zip(leftSpan, rightSpan) where text[Int(one)] != text[Int(other)] {
            return text[Int(one)] < text[Int(other)]
        }
        return (leftSpan.count, left) < (rightSpan.count, right)
    }
}

/// The arrays of a trie.
package struct TrieNodes {
    var bytes: [UInt8] = []
    var depths: [UInt16] = []
    var skips: [Int32] = []
    var tokenStarts: [Int32] = []
    var tokens: [Int32] = []

    fileprivate init(_ vocabulary: SpelledTokens) {
        tokens = vocabulary.sorted()
        /// The nodes from the root to the last token.
        var path: [Int] = []
        for (place, token) in tokens.enumerated() {
            let span = vocabulary.spans[Int(token)]
            let spelled = vocabulary.text[Int(span.lowerBound)..<Int(span.upperBound)]
            let shared = zip(path, spelled).prefix { bytes[$0] == $1 }.count
            close(&path, to: shared)
            for byte in spelled.dropFirst(shared) {
                path.append(bytes.count)
                bytes.append(byte)
                depths.append(UInt16(path.count))
                skips.append(0)
                // Tokens come in order, so a node's tokens begin with the first that reaches it.
                tokenStarts.append(Int32(path.count == spelled.count ? place : -1))
            }
        }
        close(&path, to: 0)
        fillTokenStarts()
    }

    private mutating func close(_ path: inout [Int], to depth: Int) {
        while path.count > depth { skips[path.removeLast()] = Int32(bytes.count) }
    }

    /// A node that ends no token gets an empty range: it starts where the next node's tokens start.
    private mutating func fillTokenStarts() {
        tokenStarts.append(Int32(tokens.count))
        for node in tokenStarts.indices.dropLast().reversed() where tokenStarts[node] < 0 {
            tokenStarts[node] = tokenStarts[node + 1]
        }
    }
}
