extension Grammar {
    /// Height of a node from which no text leads to the end.
    private static var unreachable: Int32 { .max }

    /// Removes every edge that cannot lead to the end of the reply, so that no prefix is a dead end.
    ///
    /// Heights are found in rising order (Knuth's generalisation of Dijkstra's algorithm): a node is settled when one of its
    /// ways to the end is. An edge on a byte counts only if the byte is a token by itself, for else the vocabulary could
    /// fail to spell the rest.
    ///
    /// - Returns: Whether any text remains.
    package mutating func prune(bytes: ByteSet) -> Bool {
        keepSpellableEdges(bytes)
        for node in nodes.indices { nodes[node].height = Self.unreachable }
        settleHeights()
        for node in nodes.indices { dropHopelessEdges(node) }
        return nodes[Int(start)].height != Self.unreachable
    }

    private mutating func keepSpellableEdges(_ bytes: ByteSet) {
        guard bytes != .all else { return }
        for node in nodes.indices {
            nodes[node].byteEdges = nodes[node].byteEdges.flatMap { edge in
                (edge.low...edge.high).filter { bytes.contains($0) }.map {
                    ByteEdge(low: $0, high: $0, target: edge.target)
                }
            }
        }
    }

    private mutating func settleHeights() {
        let dependents = dependents()
        var levels: [[NodeIndex]] = [nodes.indices.filter { nodes[$0].isFinal }.map { NodeIndex($0) }]
        var level = 0
        while level < levels.count {
            while let node = levels[level].popLast() {
                guard nodes[Int(node)].height == Self.unreachable else { continue }
                nodes[Int(node)].height = Int32(level)
                for dependent in dependents[Int(node)] where nodes[Int(dependent)].height == Self.unreachable {
                    let height = reachableHeight(of: dependent)
                    guard height != Self.unreachable else { continue }
                    while levels.count <= Int(height) { levels.append([]) }
                    levels[Int(height)].append(dependent)
                }
            }
            level += 1
        }
    }

    /// The least height over the edges whose ends are settled.
    private func reachableHeight(of node: NodeIndex) -> Int32 {
        let node = nodes[Int(node)]
        var best = node.isFinal ? 0 : Self.unreachable
        for edge in node.byteEdges { best = min(best, nodes[Int(edge.target)].height) }
        for target in node.epsilons { best = min(best, nodes[Int(target)].height) }
        for call in node.calls { best = min(best, height(of: call)) }
        if let loop = node.loop { best = min(best, height(of: loop)) }
        return best
    }

    package func height(of call: Call) -> Int32 { max(callHeight(call.rule), nodes[Int(call.next)].height) }

    private func height(of loop: Loop) -> Int32 {
        let after = nodes[Int(loop.next)].height
        return loop.minimum == 0 ? after : max(callHeight(loop.rule), after)
    }

    /// The height that calling a rule needs.
    package func callHeight(_ rule: NodeIndex) -> Int32 {
        let height = nodes[Int(rule)].height
        return height == Self.unreachable ? height : height + 1
    }

    /// For each node, the nodes whose height may follow from its own.
    private func dependents() -> [[NodeIndex]] {
        var dependents = Array(repeating: [NodeIndex](), count: nodes.count)
        for (index, node) in nodes.enumerated() {
            let index = NodeIndex(index)
            for edge in node.byteEdges { dependents[Int(edge.target)].append(index) }
            for target in node.epsilons { dependents[Int(target)].append(index) }
            for call in node.calls {
                dependents[Int(call.rule)].append(index)
                dependents[Int(call.next)].append(index)
            }
            if let loop = node.loop {
                dependents[Int(loop.rule)].append(index)
                dependents[Int(loop.next)].append(index)
            }
        }
        return dependents
    }

    private mutating func dropHopelessEdges(_ index: Int) {
        var node = nodes[index]
        node.byteEdges.removeAll { nodes[Int($0.target)].height == Self.unreachable }
        node.epsilons.removeAll { nodes[Int($0)].height == Self.unreachable }
        node.calls.removeAll { height(of: $0) == Self.unreachable }
        if let loop = node.loop, callHeight(loop.rule) == Self.unreachable {
            node.loop = nil
            if height(of: loop) != Self.unreachable { node.epsilons.append(loop.next) }
        }
        nodes[index] = node
    }
}
