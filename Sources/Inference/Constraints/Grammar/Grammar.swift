/// What a reply may spell: rules over bytes that may call one another, and themselves.
///
/// A rule is a small automaton from a start node to final nodes. Beside edges on bytes a node may go on without a byte,
/// call a rule and go on where it ends, or enter a counted loop. Calls make the grammar context-free, so recursive schemas
/// need no unrolling, and counted loops cost one node whatever their bounds.
package struct Grammar: Sendable {
    package typealias NodeIndex = Int32

    package struct ByteEdge: Sendable {
        var low: UInt8, high: UInt8
        var target: NodeIndex
    }

    package struct Call: Sendable {
        var rule: NodeIndex
        var next: NodeIndex
    }

    /// Runs a rule between `minimum` and `maximum` times (nil: any number), then goes on at `next`.
    package struct Loop: Sendable {
        var rule: NodeIndex
        var minimum: Int32
        var maximum: Int32?
        var next: NodeIndex
    }

    package struct Node: Sendable {
        var byteEdges: [ByteEdge] = []
        var epsilons: [NodeIndex] = []
        var calls: [Call] = []
        /// Entering this node starts the loop at count 0; the node has no other edges.
        var loop: Loop?
        /// The rule may end here.
        var isFinal = false
        /// The most deeply nested calls that the shortest way to the end needs; set by ``Grammar/prune(bytes:)``.
        var height: Int32 = 0
    }

    package internal(set) var nodes: [Node] = []
    package internal(set) var start: NodeIndex = 0
    private let limit: Int

    package init(limit: Int) { self.limit = limit }

    /// A new node without edges.
    package mutating func addNode(isFinal: Bool = false) throws(ConstraintError) -> NodeIndex {
        guard nodes.count < limit else {
            throw ConstraintError(message: "The constraint needs more than \(limit) states. Simplify it.")
        }
        var node = Node()
        node.isFinal = isFinal
        nodes.append(node)
        return NodeIndex(nodes.count - 1)
    }

    package mutating func addEdge(from node: NodeIndex, _ bytes: ClosedRange<UInt8>, to target: NodeIndex) {
        let edge = ByteEdge(low: bytes.lowerBound, high: bytes.upperBound, target: target)
        nodes[Int(node)].byteEdges.append(edge)
    }

    package mutating func addEpsilon(from node: NodeIndex, to target: NodeIndex) {
        nodes[Int(node)].epsilons.append(target)
    }

    package mutating func addCall(from node: NodeIndex, rule: NodeIndex, to target: NodeIndex) {
        nodes[Int(node)].calls.append(Call(rule: rule, next: target))
    }

    /// Goes on from `node` by a loop over `rule` and returns where it ends.
    package mutating func addLoop(
        from node: NodeIndex, rule: NodeIndex, _ minimum: Int, _ maximum: Int?
    ) throws(ConstraintError) -> NodeIndex {
        let entry = try addNode()
        let end = try addNode()
        addEpsilon(from: node, to: entry)
        nodes[Int(entry)].loop = Loop(
            rule: rule, minimum: Int32(clamping: minimum), maximum: maximum.map { Int32(clamping: $0) }, next: end)
        return end
    }

    /// Goes on from `node` by exactly these bytes and returns where they end.
    package mutating func addLiteral(
        from node: NodeIndex, _ bytes: some Sequence<UInt8>
    ) throws(ConstraintError) -> NodeIndex {
        var node = node
        for byte in bytes {
            let next = try addNode()
            addEdge(from: node, byte...byte, to: next)
            node = next
        }
        return node
    }

    package mutating func markFinal(_ node: NodeIndex) { nodes[Int(node)].isFinal = true }
}

extension Grammar {
    /// Adds ways from one node to another that spell these texts, as a tree, so that many choices cost no ambiguity.
    package mutating func addLiterals(
        _ texts: [[UInt8]], from node: NodeIndex, to end: NodeIndex
    ) throws(ConstraintError) {
        var children: [UInt64: NodeIndex] = [:]
        for text in texts {
            var place = node
            for byte in text {
                let edge = UInt64(UInt32(bitPattern: place)) << 8 | UInt64(byte)
                if let child = children[edge] {
                    place = child
                } else {
                    let child = try addNode()
                    addEdge(from: place, byte...byte, to: child)
                    children[edge] = child
                    place = child
                }
            }
            addEpsilon(from: place, to: end)
        }
    }
}
