/// The bytes that a match of a node can start with; sound, not exact.
struct FirstBytes {
    private var isPossible = [Bool](repeating: false, count: 256)
    /// Whether the node may match without consuming, so that what follows decides.
    private(set) var isNullable = false

    func contains(_ byte: UInt8) -> Bool { isPossible[Int(byte)] }

    init(of node: RegexNode) {
        isNullable = node.isNullable
        switch node {
        case .set(let set):
            for byte in UInt8(0)..<0x80 { isPossible[Int(byte)] = set.contains(ascii: byte) }
            guard set.mayContainBeyondASCII else { return }
            for byte in 0x80...0xFF { isPossible[byte] = true }
        case .sequence(let nodes):
            for node in nodes {
                formUnion(FirstBytes(of: node))
                if !node.isNullable { return }
            }
        case .alternation(let nodes):
            for node in nodes { formUnion(FirstBytes(of: node)) }
        case .repetition(let node, _, _, _), .atomic(let node):
            formUnion(FirstBytes(of: node))
        case .lookahead, .assertion:
            break
        }
    }

    private mutating func formUnion(_ other: FirstBytes) {
        for byte in 0...255 where other.isPossible[byte] { isPossible[byte] = true }
    }
}
