/// Finds the tokens that fit a state, by walking the vocabulary's tree and the automaton together.
struct MaskBuilder: Sendable {
    private let trie: TokenTrie
    private let stringBody: Grammar.NodeIndex?
    private var words: [UInt64]
    /// The automaton's state at each depth of the walk.
    private var path: [PushdownAutomaton.StateIndex]

    /// - Parameter stringBody: The node of ``JSONBasics`` inside a string, if the grammar has it.
    init(_ trie: TokenTrie, stringBody: Grammar.NodeIndex?) {
        self.trie = trie
        self.stringBody = stringBody
        words = Array(repeating: 0, count: (trie.vocabularySize + 63) / 64)
        path = Array(repeating: PushdownAutomaton.dead, count: trie.longestToken + 1)
    }

    /// A bit for each token that fits; end tokens are not among them.
    mutating func mask(
        of state: PushdownAutomaton.StateIndex, in automaton: inout PushdownAutomaton
    ) -> [UInt64] {
        for word in words.indices { words[word] = 0 }
        let places = automaton.states[Int(state)].places
        let strings = places.filter { $0.node == stringBody }
        let others = places.filter { $0.node != stringBody }
        for place in strings { addString(place, in: &automaton) }
        if strings.isEmpty {
            walk(0..<trie.nodeCount, below: 0, from: state, in: &automaton)
        } else if !others.isEmpty {
            walk(0..<trie.nodeCount, below: 0, from: automaton.state(at: others), in: &automaton)
        }
        return words
    }

    /// Inside a string most tokens fit whatever surrounds it; only what follows a closing quote is walked.
    private mutating func addString(_ place: PushdownAutomaton.Place, in automaton: inout PushdownAutomaton) {
        for word in words.indices { words[word] |= trie.stringInterior.stayingTokens[word] }
        guard place.frame != PushdownAutomaton.rootFrame else { return }
        let frame = automaton.frames[Int(place.frame)]
        let after = automaton.state(at: [.init(node: frame.node, frame: frame.parent)])
        for closing in trie.stringInterior.closings {
            let below = Int(closing) + 1..<Int(trie.skips[Int(closing)])
            guard !below.isEmpty else { continue }
            walk(below, below: Int(trie.depths[Int(closing)]), from: after, in: &automaton)
        }
    }

    private mutating func walk(
        _ nodes: Range<Int>, below depth: Int, from state: PushdownAutomaton.StateIndex,
        in automaton: inout PushdownAutomaton
    ) {
        path[depth] = state
        trie.bytes.withUnsafeBufferPointer { bytes in
            trie.depths.withUnsafeBufferPointer { depths in
                trie.tokenStarts.withUnsafeBufferPointer { tokenStarts in
                    var node = nodes.lowerBound
                    while node < nodes.upperBound {
                        let depth = Int(depths[node])
                        let next = automaton.step(path[depth &- 1], bytes[node])
                        if next == PushdownAutomaton.dead {
                            node = Int(trie.skips[node])
                            continue
                        }
                        path[depth] = next
                        for place in tokenStarts[node]..<tokenStarts[node &+ 1] {
                            let token = trie.tokens[Int(place)]
                            words[Int(token >> 6)] |= 1 << UInt64(token & 63)
                        }
                        node &+= 1
                    }
                }
            }
        }
    }
}

/// Tokens that fit a state, in whichever form is smaller.
enum TokenSet: Sendable {
    case few([Int32])
    case many([UInt64])

    init(_ words: [UInt64]) {
        let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
        guard count < words.count else {
            self = .many(words)
            return
        }
        var tokens: [Int32] = []
        tokens.reserveCapacity(count)
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                tokens.append(Int32(index * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        self = .few(tokens)
    }

    var byteCount: Int {
        switch self {
        case .few(let tokens): tokens.count * 4
        case .many(let words): words.count * 8
        }
    }

    /// Clears the bits of all other tokens, but for `kept`.
    func restrict(_ mask: inout TokenMask, keeping kept: [Int32]) {
        let kept = kept.filter { $0 < mask.count && mask[Int($0)] }
        switch self {
        case .many(let words):
            for index in mask.words.indices { mask.words[index] &= index < words.count ? words[index] : 0 }
        case .few(let tokens):
            let allowed = tokens.filter { $0 < mask.count && mask[Int($0)] }
            for index in mask.words.indices { mask.words[index] = 0 }
            for token in allowed { mask[Int(token)] = true }
        }
        for token in kept { mask[Int(token)] = true }
    }
}
