/// Finds the tokens that fit a state, by walking the vocabulary's tree and the automaton together.
struct MaskBuilder: Sendable {
    private let trie: TokenTrie
    private let basics: JSONBasics?
    private var words: [UInt64]
    /// The automaton's state at each depth of the walk.
    private var path: [PushdownAutomaton.StateIndex]

    /// - Parameter basics: The rules of JSON, if the grammar has them.
    init(_ trie: TokenTrie, basics: JSONBasics?) {
        self.trie = trie
        self.basics = basics
        words = Array(repeating: 0, count: (trie.vocabularySize + 63) / 64)
        path = Array(repeating: PushdownAutomaton.dead, count: trie.longestToken + 1)
    }

    /// A bit for each token that fits; end tokens are not among them.
    mutating func mask(
        of state: PushdownAutomaton.StateIndex, in automaton: inout PushdownAutomaton
    ) -> [UInt64] {
        for word in words.indices { words[word] = 0 }
        var others: [PushdownAutomaton.Place] = []
        for place in automaton.states[Int(state)].places where !addString(place, in: &automaton) {
            others.append(place)
        }
        if others.count == automaton.states[Int(state)].places.count {
            walk(0..<trie.nodeCount, below: 0, from: state, in: &automaton)
        } else if !others.isEmpty {
            walk(0..<trie.nodeCount, below: 0, from: automaton.state(at: others), in: &automaton)
        }
        return words
    }

    /// Adds the tokens that fit inside a string, if that is where the place is: most fit whatever surrounds the string, and
    /// only what follows a closing quote is walked.
    private mutating func addString(_ place: PushdownAutomaton.Place, in automaton: inout PushdownAutomaton) -> Bool {
        guard let basics else { return false }
        if place.node == basics.stringBody {
            var after = PushdownAutomaton.dead
            if place.frame != PushdownAutomaton.rootFrame {
                let frame = automaton.frames[Int(place.frame)]
                after = automaton.state(at: [.init(node: frame.node, frame: frame.parent)])
            }
            trie.stringInterior.addTokens(upTo: .max, to: &words)
            addClosings(of: 0...Int.max, then: after, in: &automaton)
            return true
        }
        guard place.node == basics.character, let string = boundedString(at: place, in: automaton) else { return false }
        let closing = automaton.state(at: [.init(node: string.next, frame: string.frame)])
        trie.stringInterior.addTokens(upTo: string.maximum, to: &words)
        // With no character at all the string is closed from another place of the state.
        if string.maximum >= max(string.minimum, 1) {
            let after = automaton.step(closing, UInt8(ascii: "\""))
            addClosings(of: max(string.minimum, 1)...string.maximum, then: after, in: &automaton)
        }
        return true
    }

    /// How many more characters a string with bounds on its length needs and takes, and where it goes on.
    private func boundedString(
        at place: PushdownAutomaton.Place, in automaton: PushdownAutomaton
    ) -> (minimum: Int, maximum: Int, next: Grammar.NodeIndex, frame: Int32)? {
        guard place.frame != PushdownAutomaton.rootFrame else { return nil }
        let frame = automaton.frames[Int(place.frame)]
        let counter = automaton.frames[Int(frame.parent)]
        guard let loop = automaton.grammar.nodes[Int(frame.node)].loop, counter.count >= 0 else { return nil }
        let taken = Int(counter.count) - 1
        let maximum = loop.maximum.map { Int($0) - taken } ?? .max
        return (Int(loop.minimum) - taken, maximum, loop.next, counter.parent)
    }

    /// Adds the tokens with a closing quote after a number of characters within the range.
    private mutating func addClosings(
        of characters: ClosedRange<Int>, then after: PushdownAutomaton.StateIndex, in automaton: inout PushdownAutomaton
    ) {
        for closing in trie.stringInterior.closings where characters.contains(Int(closing.characters)) {
            let node = Int(closing.node)
            addTokens(at: node)
            let below = node + 1..<Int(trie.skips[node])
            guard !below.isEmpty, after != PushdownAutomaton.dead else { continue }
            walk(below, below: Int(trie.depths[node]), from: after, in: &automaton)
        }
    }

    @inline(__always)
    private mutating func addTokens(at node: Int) {
        for place in trie.tokenStarts[node]..<trie.tokenStarts[node &+ 1] {
            let token = trie.tokens[Int(place)]
            words[Int(token >> 6)] |= 1 << UInt64(token & 63)
        }
    }

    private mutating func walk(
        _ nodes: Range<Int>, below depth: Int, from state: PushdownAutomaton.StateIndex,
        in automaton: inout PushdownAutomaton
    ) {
        path[depth] = state
        var node = nodes.lowerBound
        while node < nodes.upperBound {
            let depth = Int(trie.depths[node])
            let next = automaton.step(path[depth &- 1], trie.bytes[node])
            if next == PushdownAutomaton.dead {
                node = Int(trie.skips[node])
                continue
            }
            path[depth] = next
            addTokens(at: node)
            node &+= 1
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
