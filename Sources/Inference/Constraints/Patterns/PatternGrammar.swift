extension PatternAutomaton {
    /// How a text's characters stand in the reply.
    package enum Spelling {
        /// As they are.
        case plain
        /// As inside a JSON string: quotes, backslashes and control characters escaped.
        case json
    }

    /// Adds the pattern's texts after `node`, of a length within the bounds (in code points); returns where they end.
    package func add(
        to grammar: inout Grammar, from node: Grammar.NodeIndex, as spelling: Spelling, minimum: Int = 0,
        maximum: Int? = nil
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        let end = try grammar.addNode()
        // Lengths above the largest bound are all alike.
        let cap = maximum ?? minimum
        var encoder = CharacterSpeller(spelling: spelling)
        var indices = [Position(state: 0, length: 0): node]
        var pending = [Position(state: 0, length: 0)]
        while let position = pending.popLast(), let source = indices[position] {
            if isFinal[position.state], position.length >= minimum { grammar.addEpsilon(from: source, to: end) }
            if let maximum, position.length >= maximum { continue }
            for step in steps[position.state] {
                let next = Position(state: step.target, length: Swift.min(position.length + 1, cap))
                let target: Grammar.NodeIndex
                if let known = indices[next] {
                    target = known
                } else {
                    target = try grammar.addNode()
                    indices[next] = target
                    pending.append(next)
                }
                try encoder.addEdges(from: source, step.set, to: target, in: &grammar)
            }
        }
        return end
    }

    private struct Position: Hashable {
        var state: Int
        var length: Int
    }
}

/// Adds edges for sets of characters in one of the spellings.
private struct CharacterSpeller {
    let spelling: PatternAutomaton.Spelling
    private var encoder = UTF8Encoder()

    init(spelling: PatternAutomaton.Spelling) { self.spelling = spelling }

    private static let escaped = CodePointSet([0...0x1F, 0x22...0x22, 0x5C...0x5C])

    mutating func addEdges(
        from node: Grammar.NodeIndex, _ set: CodePointSet, to target: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) {
        guard spelling == .json else { return try encoder.addEdges(from: node, set, to: target, in: &grammar) }
        try encoder.addEdges(from: node, set.subtracting(Self.escaped), to: target, in: &grammar)
        for range in set.intersection(Self.escaped).ranges {
            for codePoint in range {
                let end = try grammar.addLiteral(from: node, JSONEscape.bytes(of: codePoint))
                grammar.addEpsilon(from: end, to: target)
            }
        }
    }
}

/// The shortest escapes of JSON.
enum JSONEscape {
    static func bytes(of codePoint: UInt32) -> [UInt8] {
        switch codePoint {
        case 0x22: return Array("\\\"".utf8)
        case 0x5C: return Array("\\\\".utf8)
        case 0x08: return Array("\\b".utf8)
        case 0x0C: return Array("\\f".utf8)
        case 0x0A: return Array("\\n".utf8)
        case 0x0D: return Array("\\r".utf8)
        case 0x09: return Array("\\t".utf8)
        default:
            let hex = String(codePoint, radix: 16)
            return Array("\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".utf8)
        }
    }
}
