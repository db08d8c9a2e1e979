/// Finds stop strings in a text that arrives in pieces.
///
/// The reply is cut at the first stop string to be complete (of several that end together, the longest), and the longest
/// suffix that may still become one is held back. Whatever way the text is split, the pieces returned add up to the same
/// text. Each byte costs constant time (an Aho–Corasick automaton over UTF-8).
public struct StopMatcher: Sendable {
    /// What became certain with a piece.
    public struct Step: Sendable, Equatable {
        /// Text to hand on.
        public var text: String
        /// The stop string that ended the reply; nothing follows it.
        public var stop: String?
    }

    private let automaton: StopAutomaton
    private let includesStopString: Bool
    private var state = StopAutomaton.root
    private var held: [UInt8] = []
    private var stopped = false

    /// A matcher at the start of a reply. Empty strings match nothing.
    public init(_ strings: [String], includesStopString: Bool = false) {
        automaton = StopAutomaton(strings)
        self.includesStopString = includesStopString
    }

    /// Goes on by a piece of text; after a stop, nothing more comes.
    public mutating func append(_ piece: String) -> Step {
        guard !stopped else { return Step(text: "", stop: nil) }
        guard !automaton.isEmpty else { return Step(text: piece, stop: nil) }
        for byte in piece.utf8 {
            held.append(byte)
            state = automaton.next(after: state, byte)
            guard let match = automaton.match(at: state) else { continue }
            stopped = true
            let kept = includesStopString ? held.count : held.count - match.utf8.count
            let text = String(decoding: held[..<kept], as: UTF8.self)
            held = []
            return Step(text: text, stop: match)
        }
        // A stop string starts where a character starts, so this never divides one.
        let certain = held.count - automaton.depth(of: state)
        let text = String(decoding: held[..<certain], as: UTF8.self)
        held.removeFirst(certain)
        return Step(text: text, stop: nil)
    }

    /// The text held back, when the reply ends without a stop string.
    public mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }
}

/// An Aho–Corasick automaton over the bytes of the stop strings.
private struct StopAutomaton: Sendable {
    static let root: Int32 = 0

    private var children: [UInt64: Int32] = [:]
    private var depths = [0]
    private var fallbacks = [root]
    /// Which string is complete at a node: the longest that ends there.
    private var matches: [Int?] = [nil]
    private let strings: [String]

    var isEmpty: Bool { children.isEmpty }

    init(_ strings: [String]) {
        self.strings = strings
        for (index, string) in strings.enumerated() where !string.isEmpty { insert(string, index) }
        linkFallbacks()
    }

    private static func edge(_ node: Int32, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }

    private mutating func insert(_ string: String, _ index: Int) {
        var node = Self.root
        for byte in string.utf8 {
            let edge = Self.edge(node, byte)
            if let child = children[edge] {
                node = child
            } else {
                let child = Int32(depths.count)
                children[edge] = child
                depths.append(depths[Int(node)] + 1)
                fallbacks.append(Self.root)
                matches.append(nil)
                node = child
            }
        }
        if matches[Int(node)] == nil { matches[Int(node)] = index }
    }

    /// A node falls back to the longest proper suffix that is itself the beginning of a string.
    private mutating func linkFallbacks() {
        // Edges by rising depth of their parent, so that a fallback is known before it is followed.
        let edges = children.sorted { (depths[Int($0.value)], $0.value) < (depths[Int($1.value)], $1.value) }
        for (edge, child) in edges {
            let parent = Int32(edge >> 8)
            let byte = UInt8(truncatingIfNeeded: edge)
            let fallback = parent == Self.root ? Self.root : next(after: fallbacks[Int(parent)], byte)
            fallbacks[Int(child)] = fallback
            if matches[Int(child)] == nil { matches[Int(child)] = matches[Int(fallback)] }
        }
    }

    func next(after state: Int32, _ byte: UInt8) -> Int32 {
        var state = state
        while true {
            if let child = children[Self.edge(state, byte)] { return child }
            if state == Self.root { return Self.root }
            state = fallbacks[Int(state)]
        }
    }

    func depth(of state: Int32) -> Int { depths[Int(state)] }

    func match(at state: Int32) -> String? { matches[Int(state)].map { strings[$0] } }
}
