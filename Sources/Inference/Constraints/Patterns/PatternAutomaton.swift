/// A regular expression as a deterministic automaton over code points.
///
/// Determinism is what keeps hostile patterns harmless: a text is followed in one step per character, and a pattern whose
/// automaton would grow without measure is refused.
package struct PatternAutomaton: Sendable {
    package struct Step: Sendable {
        var set: CodePointSet
        var target: Int
    }

    /// Steps of each state; state 0 is the start. Sets of one state do not overlap.
    package private(set) var steps: [[Step]] = []
    package private(set) var isFinal: [Bool] = []

    package init(_ syntax: RegexSyntax, limits: ConstraintLimits) throws(ConstraintError) {
        var machine = ThompsonMachine(limit: limits.patternStates * 8)
        let end = try machine.add(syntax, from: 0)
        try determinize(machine, end: end, limits: limits)
    }

    /// Whether the whole text matches.
    package func matches(_ text: String) -> Bool {
        var state = 0
        for scalar in text.unicodeScalars {
            guard let step = steps[state].first(where: { $0.set.contains(scalar.value) }) else { return false }
            state = step.target
        }
        return isFinal[state]
    }

    private mutating func determinize(
        _ machine: ThompsonMachine, end: Int, limits: ConstraintLimits
    ) throws(ConstraintError) {
        let first = machine.closure(of: [0])
        var indices = [first: 0]
        var sets = [first]
        var work = 0
        var index = 0
        while index < sets.count {
            let members = sets[index]
            isFinal.append(members.contains(end))
            let edges = members.flatMap { machine.edges[$0] }
            var targets: [[Int]: CodePointSet] = [:]
            var order: [[Int]] = []
            for atom in Self.atoms(of: edges.map(\.set)) {
                work += edges.count + members.count
                guard work <= limits.patternStates * 1_000 else { throw Self.tooLarge(limits) }
                let reached = edges.filter { $0.set.contains(atom.lowerBound) }.map(\.target)
                let target = machine.closure(of: reached)
                if targets[target] == nil { order.append(target) }
                targets[target, default: CodePointSet()].insert(atom)
            }
            var steps: [Step] = []
            for target in order {
                if indices[target] == nil {
                    guard sets.count < limits.patternStates else { throw Self.tooLarge(limits) }
                    indices[target] = sets.count
                    sets.append(target)
                }
                steps.append(Step(set: targets[target] ?? CodePointSet(), target: indices[target] ?? 0))
            }
            self.steps.append(steps)
            index += 1
        }
    }

    private static func tooLarge(_ limits: ConstraintLimits) -> ConstraintError {
        ConstraintError(
            message: "The pattern needs an automaton of more than \(limits.patternStates) states. Simplify it.")
    }

    /// The coarsest ranges that lie wholly inside or outside each set, of those inside any.
    private static func atoms(of sets: [CodePointSet]) -> [ClosedRange<UInt32>] {
        var starts = Set<UInt32>()
        var union = CodePointSet()
        for set in Set(sets) {
            for range in set.ranges {
                starts.insert(range.lowerBound)
                starts.insert(range.upperBound + 1)
            }
            union.formUnion(set)
        }
        let sorted = starts.sorted()
        return zip(sorted, sorted.dropFirst()).map { $0...($1 - 1) }.filter { union.contains($0.lowerBound) }
    }
}

/// Thompson's construction: a nondeterministic automaton, node 0 the start.
private struct ThompsonMachine {
    struct Edge {
        var set: CodePointSet
        var target: Int
    }

    var edges: [[Edge]] = [[]]
    var epsilons: [[Int]] = [[]]
    let limit: Int

    init(limit: Int) { self.limit = limit }

    private mutating func addNode() throws(ConstraintError) -> Int {
        guard edges.count < limit else {
            throw ConstraintError(message: "The pattern has more than \(limit) places. Simplify it.")
        }
        edges.append([])
        epsilons.append([])
        return edges.count - 1
    }

    /// Adds what matches `syntax` after `node`; returns the node where the match ends.
    mutating func add(_ syntax: RegexSyntax, from node: Int) throws(ConstraintError) -> Int {
        switch syntax {
        case .set(let set):
            let end = try addNode()
            edges[node].append(Edge(set: set, target: end))
            return end
        case .sequence(let items):
            var node = node
            for item in items { node = try add(item, from: node) }
            return node
        case .alternation(let alternatives):
            let end = try addNode()
            for alternative in alternatives {
                // A start of its own, so that a loop inside cannot reach its neighbours.
                let start = try addNode()
                epsilons[node].append(start)
                epsilons[try add(alternative, from: start)].append(end)
            }
            return end
        case .repetition(let item, let minimum, let maximum):
            return try addRepetition(item, minimum, maximum, from: node)
        case .start, .end:
            throw ConstraintError(message: "'^' and '$' are supported only at the ends of a pattern's alternatives.")
        }
    }

    private mutating func addRepetition(
        _ item: RegexSyntax, _ minimum: Int, _ maximum: Int?, from node: Int
    ) throws(ConstraintError) -> Int {
        var node = node
        for _ in 0..<minimum { node = try add(item, from: node) }
        let end = try addNode()
        guard let maximum else {
            let start = try addNode()
            epsilons[node].append(start)
            epsilons[try add(item, from: start)].append(start)
            epsilons[start].append(end)
            return end
        }
        epsilons[node].append(end)
        for _ in minimum..<maximum {
            node = try add(item, from: node)
            epsilons[node].append(end)
        }
        return end
    }

    /// All nodes reached without a character, in rising order.
    func closure(of nodes: [Int]) -> [Int] {
        var found = Set(nodes)
        var pending = nodes
        while let node = pending.popLast() {
            for next in epsilons[node] where found.insert(next).inserted { pending.append(next) }
        }
        return found.sorted()
    }
}
