import JSON
import Locking

/// Compiles constraints for one tokenizer, and keeps the ones used last so that requests with the same schema share them.
public final class ConstraintCompiler: Sendable {
    private let makeTrie: @Sendable () -> TokenTrie
    private let limits: ConstraintLimits
    private let capacity: Int
    private let cache: Locked<Cache>

    fileprivate struct Cache {
        var trie: TokenTrie?
        var constraints: [String: (constraint: GrammarConstraint, lastUse: UInt64)] = [:]
        var clock: UInt64 = 0
    }

    /// - Parameters:
    ///   - capacity: How many constraints are kept.
    ///   - makeTrie: Called once, when the first constraint is compiled, since a large vocabulary takes a moment.
    public init(
        limits: ConstraintLimits = ConstraintLimits(), capacity: Int = 64, makeTrie: @escaping @Sendable () -> TokenTrie
    ) {
        self.limits = limits
        self.capacity = max(capacity, 1)
        self.makeTrie = makeTrie
        cache = Locked(Cache())
    }

    /// The constraint for a rule, compiled unless it is kept.
    ///
    /// - Throws: ``ConstraintError`` when the rule cannot be followed.
    public func constraint(for rule: ConstraintRule) throws(ConstraintError) -> GrammarConstraint {
        let key = rule.text
        if let known = cache.withLock({ $0.find(key) }) { return known }
        let trie = cache.withLock { cache in
            let trie = cache.trie ?? makeTrie()
            cache.trie = trie
            return trie
        }
        // Outside the lock: two requests may compile the same schema at once, and the later one is kept.
        let constraint = try GrammarConstraint(rule, trie: trie, limits: limits)
        cache.withLock { $0.insert(constraint, key, capacity: capacity) }
        return constraint
    }

    /// How many constraints are kept.
    public var count: Int { cache.withLock { $0.constraints.count } }
}

extension ConstraintCompiler.Cache {
    fileprivate mutating func find(_ key: String) -> GrammarConstraint? {
        clock += 1
        constraints[key]?.lastUse = clock
        return constraints[key]?.constraint
    }

    fileprivate mutating func insert(_ constraint: GrammarConstraint, _ key: String, capacity: Int) {
        clock += 1
        constraints[key] = (constraint, clock)
        guard constraints.count > capacity else { return }
        if let oldest = constraints.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            constraints[oldest.key] = nil
        }
    }
}

extension GrammarConstraint {
    /// Compiles a rule.
    ///
    /// - Throws: ``ConstraintError`` when the rule cannot be followed.
    public convenience init(
        _ rule: ConstraintRule, trie: TokenTrie, limits: ConstraintLimits = ConstraintLimits()
    ) throws(ConstraintError) {
        guard rule.text.utf8.count <= limits.sourceBytes else {
            throw ConstraintError(message: "The constraint is longer than \(limits.sourceBytes) bytes. Shorten it.")
        }
        switch rule {
        case .jsonSchema(let schema):
            var compiler = try SchemaCompiler(schema, limits: limits)
            var grammar = try compiler.compile()
            guard grammar.prune(bytes: trie.singleBytes) else { throw compiler.unsatisfiable(grammar) }
            try self.init(
                grammar, basics: compiler.basics, trie: trie, limits: limits, notes: compiler.notes)
        case .jsonObject:
            var grammar = Grammar(limit: limits.grammarNodes)
            let basics = try JSONBasics(into: &grammar)
            grammar.start = basics.object
            try self.init(pruning: grammar, basics: basics, trie: trie, limits: limits)
        case .regex(let pattern):
            var grammar = Grammar(limit: limits.grammarNodes)
            grammar.start = try grammar.addNode()
            let automaton = try PatternAutomaton(try RegexParser.parse(pattern).anchored(), limits: limits)
            grammar.markFinal(try automaton.add(to: &grammar, from: grammar.start, as: .plain))
            try self.init(pruning: grammar, basics: nil, trie: trie, limits: limits)
        case .choice(let choices):
            guard !choices.isEmpty else { throw ConstraintError(message: "'choice' must not be empty.") }
            var grammar = Grammar(limit: limits.grammarNodes)
            grammar.start = try grammar.addNode()
            let end = try grammar.addNode(isFinal: true)
            try grammar.addLiterals(choices.map { Array($0.utf8) }, from: grammar.start, to: end)
            try self.init(pruning: grammar, basics: nil, trie: trie, limits: limits)
        }
    }

    private convenience init(
        pruning grammar: consuming Grammar, basics: JSONBasics?, trie: TokenTrie, limits: ConstraintLimits
    ) throws(ConstraintError) {
        guard grammar.prune(bytes: trie.singleBytes) else {
            throw ConstraintError(message: "No text can satisfy the constraint.")
        }
        try self.init(grammar, basics: basics, trie: trie, limits: limits)
    }
}
