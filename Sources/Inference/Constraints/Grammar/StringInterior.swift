/// Where tokens lead from inside a JSON string: the part of the masks that is the same in every schema and at every depth.
///
/// Most tokens of a vocabulary are ordinary text and stay inside the string whatever surrounds it. Only those that close
/// the string depend on what may follow.
package struct StringInterior: Sendable {
    /// A bit per token that stays inside the string or ends with its closing quote.
    private(set) var stayingTokens: [UInt64]
    /// Trie nodes reached by a closing quote; what lies below them depends on what may follow the string.
    private(set) var closings: [Int32] = []

    init(_ nodes: TrieNodes, vocabularySize: Int, singleBytes: ByteSet) {
        stayingTokens = Array(repeating: 0, count: (vocabularySize + 63) / 64)
        guard let (grammar, body) = Self.grammar(singleBytes) else { return }
        var automaton = PushdownAutomaton(grammar, depthLimit: 4)
        let start = automaton.state(at: [.init(node: body, frame: PushdownAutomaton.rootFrame)])
        var states = [start]
        var node = 0
        while node < nodes.bytes.count {
            let depth = Int(nodes.depths[node])
            let state = automaton.step(states[depth - 1], nodes.bytes[node])
            guard state != PushdownAutomaton.dead else {
                node = Int(nodes.skips[node])
                continue
            }
            if automaton.isComplete(state) { closings.append(Int32(node)) }
            states.removeSubrange(depth...)
            states.append(state)
            for place in nodes.tokenStarts[node]..<nodes.tokenStarts[node + 1] {
                let token = nodes.tokens[Int(place)]
                stayingTokens[Int(token >> 6)] |= 1 << UInt64(token & 63)
            }
            node += 1
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
