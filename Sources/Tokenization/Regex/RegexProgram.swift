/// A compiled regular expression: instructions for a backtracking matcher, and where to start for each first byte.
package struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        /// Consumes one scalar of a set.
        case set(Int)
        /// Consumes up to `maximum` scalars of a set; may give them back one by one unless `isPossessive`.
        case loop(set: Int, minimum: Int, maximum: Int, isPossessive: Bool)
        /// Goes on at the first target, and at the second if that fails.
        case split(Int, Int)
        case jump(Int)
        /// Goes on at `next` when the program after this instruction matches (or, negated, does not match) here.
        case lookahead(next: Int, isNegated: Bool)
        /// Runs the program after this instruction once, for good, and goes on at `next` where it ended.
        case atomic(next: Int)
        case assertion(RegexAssertion)
        case accept
    }

    static let maximumSize = 1 << 14

    let pattern: String
    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    /// The first instruction for each first byte of the text; -1 where no match can start with it.
    private(set) var entries: [Int] = []

    /// Compiles a pattern.
    package init(pattern: String) throws(TokenizerError) {
        try self.init(RegexParser.parse(pattern), pattern: pattern)
    }

    /// Compiles a pattern that matches exactly this text.
    init(literal: String) throws(TokenizerError) {
        try self.init(RegexParser.literal(literal), pattern: literal)
    }

    /// The matches in a text, in order.
    package func matches(in text: String, stepsPerByte: Int = 256) -> [String] {
        var text = text
        var matches: [String] = []
        text.withUTF8 { bytes in
            RegexMatcher.forEachMatch(of: self, in: bytes, stepsPerByte: stepsPerByte) { start, end in
                matches.append(String(decoding: bytes[start..<end], as: UTF8.self))
            }
        }
        return matches
    }

    private init(_ node: RegexNode, pattern: String) throws(TokenizerError) {
        self.pattern = pattern
        let alternatives = if case .alternation(let nodes) = node { nodes } else { [node] }
        var bodies: [Int] = []
        for alternative in alternatives {
            bodies.append(instructions.count)
            try compile(alternative, isLast: true)
            try emit(.accept)
        }
        try makeEntries(alternatives.map { FirstBytes(of: $0) }, bodies: bodies)
    }

    /// For each first byte, a chain of only those alternatives that can start with it.
    private mutating func makeEntries(_ firsts: [FirstBytes], bodies: [Int]) throws(TokenizerError) {
        var chains: [[Int]: Int] = [[]: -1]
        for byte in UInt8.min...UInt8.max {
            let possible = bodies.indices.filter { firsts[$0].isNullable || firsts[$0].contains(byte) }
            if let chain = chains[possible] {
                entries.append(chain)
                continue
            }
            let chain = possible.count == 1 ? bodies[possible[0]] : instructions.count
            for alternative in possible.dropLast() where possible.count > 1 {
                try emit(.split(bodies[alternative], instructions.count + 1))
            }
            if possible.count > 1, let last = possible.last { try emit(.jump(bodies[last])) }
            chains[possible] = chain
            entries.append(chain)
        }
    }

    private mutating func emit(_ instruction: Instruction) throws(TokenizerError) {
        guard instructions.count < Self.maximumSize else {
            let reason = "it compiles to more than \(Self.maximumSize) instructions"
            throw .invalidPattern(pattern, offset: 0, reason: reason)
        }
        instructions.append(instruction)
    }

    private mutating func index(of set: ScalarSet) -> Int {
        if let position = sets.firstIndex(of: set) { return position }
        sets.append(set)
        return sets.count - 1
    }

    /// - Parameter isLast: whether acceptance follows at once, so that nothing can ask a loop to give back.
    private mutating func compile(_ node: RegexNode, isLast: Bool) throws(TokenizerError) {
        switch node {
        case .set(let set):
            try emit(.set(index(of: set)))
        case .sequence(let nodes):
            for (position, node) in nodes.enumerated() {
                try compile(node, isLast: isLast && position == nodes.count - 1)
            }
        case .alternation(let nodes):
            try compileAlternation(nodes, isLast: isLast)
        case .repetition(let body, let minimum, let maximum, let kind):
            try compileRepetition(body, minimum, maximum, kind, isLast: isLast)
        case .atomic(let body):
            try compileSubprogram(body) { .atomic(next: $0) }
        case .lookahead(let body, let isNegated):
            try compileSubprogram(body) { .lookahead(next: $0, isNegated: isNegated) }
        case .assertion(let assertion):
            try emit(.assertion(assertion))
        }
    }

    private mutating func compileSubprogram(
        _ body: RegexNode, _ instruction: (Int) -> Instruction
    ) throws(TokenizerError) {
        let head = instructions.count
        try emit(.jump(0))
        try compile(body, isLast: true)
        try emit(.accept)
        instructions[head] = instruction(instructions.count)
    }

    private mutating func compileAlternation(_ nodes: [RegexNode], isLast: Bool) throws(TokenizerError) {
        var exits: [Int] = []
        for node in nodes.dropLast() {
            let fork = instructions.count
            try emit(.jump(0))
            try compile(node, isLast: isLast)
            exits.append(instructions.count)
            try emit(.jump(0))
            instructions[fork] = .split(fork + 1, instructions.count)
        }
        if let last = nodes.last { try compile(last, isLast: isLast) }
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    private mutating func compileRepetition(
        _ body: RegexNode, _ minimum: Int, _ maximum: Int?, _ kind: RegexQuantifierKind, isLast: Bool
    ) throws(TokenizerError) {
        if case .set(let set) = body, kind != .lazy {
            let isPossessive = kind == .possessive || isLast
            let set = index(of: set)
            try emit(.loop(set: set, minimum: minimum, maximum: maximum ?? .max, isPossessive: isPossessive))
        } else if kind == .possessive {
            try compileSubprogram(.repetition(body, minimum: minimum, maximum: maximum, .greedy)) { .atomic(next: $0) }
        } else {
            try compileGroupRepetition(body, minimum, maximum, isLazy: kind == .lazy)
        }
    }

    private mutating func compileGroupRepetition(
        _ body: RegexNode, _ minimum: Int, _ maximum: Int?, isLazy: Bool
    ) throws(TokenizerError) {
        for _ in 0..<minimum { try compile(body, isLast: false) }
        var forks: [Int] = []
        for _ in 0..<(maximum.map { $0 - minimum } ?? 1) {
            forks.append(instructions.count)
            try emit(.jump(0))
            try compile(body, isLast: false)
        }
        if maximum == nil { try emit(.jump(forks[0])) }
        let exit = instructions.count
        for fork in forks { instructions[fork] = isLazy ? .split(exit, fork + 1) : .split(fork + 1, exit) }
    }
}
