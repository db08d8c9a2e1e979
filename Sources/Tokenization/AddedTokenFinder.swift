/// Finds added tokens in text: at each place the longest, from left to right.
struct AddedTokenFinder: Sendable {
    private struct Edge: Hashable {
        var node: Int32
        var byte: UInt8
    }

    private let tokens: [AddedToken]
    private var edges: [Edge: Int32] = [:]
    /// The index of the token that ends at each node of the trie, -1 where none does.
    private var endings: [Int32] = [-1]
    private var canStart = [Bool](repeating: false, count: 256)

    /// A finder of these tokens, each written as `text(token)`.
    init(_ tokens: [AddedToken], text: (AddedToken) -> String = \.content) {
        self.tokens = tokens
        for (index, token) in tokens.enumerated() { insert(text(token), index) }
    }

    var isEmpty: Bool { endings.count == 1 }

    private mutating func insert(_ text: String, _ index: Int) {
        guard let first = text.utf8.first else { return }
        canStart[Int(first)] = true
        var node: Int32 = 0
        for byte in text.utf8 {
            if let next = edges[Edge(node: node, byte: byte)] {
                node = next
            } else {
                let next = Int32(endings.count)
                edges[Edge(node: node, byte: byte)] = next
                endings.append(-1)
                node = next
            }
        }
        endings[Int(node)] = Int32(index)
    }

    /// Calls `plain` for each stretch of text between tokens, and `found` for each token, in order.
    ///
    /// - Parameter includesSpecial: whether special tokens are recognised; if not they are text like any other.
    func split(
        _ text: UnsafeBufferPointer<UInt8>, includesSpecial: Bool,
        plain: (UnsafeBufferPointer<UInt8>) -> Void, found: (AddedToken) -> Void
    ) {
        var start = 0
        var position = 0
        while position < text.count {
            guard canStart[Int(text[position])], let (index, end) = longestMatch(in: text, at: position) else {
                position += 1
                continue
            }
            let token = tokens[index]
            defer { position = max(end, start) }
            guard includesSpecial || !token.isSpecial else { continue }
            if token.isSingleWord, touchesWord(text, position, end) { continue }
            let lower = token.stripsLeft ? Self.startOfSpace(before: position, in: text, from: start) : position
            if lower > start { plain(UnsafeBufferPointer(rebasing: text[start..<lower])) }
            found(token)
            start = token.stripsRight ? Self.endOfSpace(after: end, in: text) : end
        }
        if start < text.count { plain(UnsafeBufferPointer(rebasing: text[start...])) }
    }

    private func longestMatch(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> (index: Int, end: Int)? {
        var node: Int32 = 0
        var best: (index: Int, end: Int)?
        var position = start
        while position < text.count, let next = edges[Edge(node: node, byte: text[position])] {
            node = next
            position += 1
            if endings[Int(node)] >= 0 { best = (Int(endings[Int(node)]), position) }
        }
        return best
    }

    // MARK: Surroundings

    private static let space = ScalarSet(categories: .whitespace)
    /// Here, unlike in patterns, the Hugging Face library does not count `½` or `②` as part of a word.
    private static let word = ScalarSet(categories: .word.subtracting(.otherNumber))

    private func touchesWord(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        if Self.word.end(ofMemberAt: end, in: text) != nil { return true }
        guard start > 0 else { return false }
        return Self.word.end(ofMemberAt: Self.previousScalar(start, in: text), in: text) != nil
    }

    private static func startOfSpace(
        before position: Int, in text: UnsafeBufferPointer<UInt8>, from limit: Int
    ) -> Int {
        var position = position
        while position > limit {
            let previous = previousScalar(position, in: text)
            guard space.end(ofMemberAt: previous, in: text) != nil else { break }
            position = previous
        }
        return position
    }

    private static func endOfSpace(after position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var position = position
        while let end = space.end(ofMemberAt: position, in: text) { position = end }
        return position
    }

    private static func previousScalar(_ position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var position = position - 1
        while position > 0, text[position] & 0xC0 == 0x80 { position -= 1 }
        return position
    }
}
