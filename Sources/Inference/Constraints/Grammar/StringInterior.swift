/// Where tokens lead from inside a JSON string: the part of the masks that is the same in every schema and at every depth.
///
/// Most tokens of a vocabulary are ordinary text and stay inside the string whatever surrounds it. Only those that close
/// the string depend on what may follow.
package struct StringInterior: Sendable {
    /// A closing quote in the vocabulary.
    struct Closing: Sendable {
        /// The trie node reached by it; what lies below depends on what may follow the string.
        var node: Int32
        /// Characters of the string before it.
        var characters: UInt16
    }

    /// A bit per token that stays inside the string.
    private(set) var tokens: [UInt64]
    /// How many characters each of these adds (the last of them perhaps not whole); 0 for the others.
    private(set) var characters: [UInt16]
    private(set) var closings: [Closing] = []
    private var mostCharacters = 0

    init(_ nodes: TrieNodes, vocabularySize: Int, singleBytes: ByteSet) {
        tokens = Array(repeating: 0, count: (vocabularySize + 63) / 64)
        characters = Array(repeating: 0, count: vocabularySize)
        guard let (grammar, body) = Self.grammar(singleBytes) else { return }
        var automaton = PushdownAutomaton(grammar, depthLimit: 4)
        let start = automaton.state(at: [.init(node: body, frame: PushdownAutomaton.rootFrame)])
        var path = [(state: start, characters: UInt16(0))]
        var node = 0
        while node < nodes.bytes.count {
            path.removeSubrange(Int(nodes.depths[node])...)
            let (before, count) = path[path.count - 1]
            let state = automaton.step(before, nodes.bytes[node])
            if automaton.isComplete(state) { closings.append(Closing(node: Int32(node), characters: count)) }
            guard state != PushdownAutomaton.dead, !automaton.isComplete(state) else {
                node = Int(nodes.skips[node])
                continue
            }
            // A byte between two characters begins the next.
            path.append((state, before == start ? count + 1 : count))
            for place in nodes.tokenStarts[node]..<nodes.tokenStarts[node + 1] {
                let token = nodes.tokens[Int(place)]
                tokens[Int(token >> 6)] |= 1 << UInt64(token & 63)
                characters[Int(token)] = path[path.count - 1].characters
            }
            node += 1
        }
        mostCharacters = Int(characters.max() ?? 0)
    }

    /// Adds the tokens that stay inside the string and add at most that many characters.
    func addTokens(upTo limit: Int, to words: inout [UInt64]) {
        if limit >= mostCharacters {
            for word in words.indices { words[word] |= tokens[word] }
            return
        }
        for (token, count) in characters.enumerated() where count > 0 && count <= limit {
            words[token >> 6] |= 1 << UInt64(token & 63)
        }
    }

    /// The part of the grammar that is inside a string; nil if the vocabulary cannot spell one.
    private static func grammar(_ singleBytes: ByteSet) -> (Grammar, Grammar.NodeIndex)? {
        var grammar = Grammar(limit: 10_000)
        guard let basics = try? JSONBasics(into: &grammar) else { return nil }
        grammar.start = basics.string
        return grammar.prune(bytes: singleBytes) ? (grammar, basics.stringBody) : nil
    }
}
