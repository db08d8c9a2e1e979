import Locking

/// A compiled constraint. Its automaton and masks grow as replies need them, and all replies share them.
public final class GrammarConstraint: TokenConstraint {
    private let trie: TokenTrie
    private let limits: ConstraintLimits
    private let engine: Locked<Engine>
    /// What was left out of account, such as an unknown `format`; for logs.
    public let notes: [String]

    private struct Engine: ~Copyable {
        var automaton: PushdownAutomaton
        var builder: MaskBuilder
        var masks: [PushdownAutomaton.StateIndex: TokenSet] = [:]
        var maskBytes = 0
        /// Rises when all states are dropped.
        var epoch = 0
    }

    /// - Parameter grammar: Pruned.
    /// - Throws: ``ConstraintError`` when no text is nested shallowly enough.
    init(
        _ grammar: Grammar, basics: JSONBasics?, trie: TokenTrie, limits: ConstraintLimits,
        notes: [String] = []
    ) throws(ConstraintError) {
        guard Int(grammar.nodes[Int(grammar.start)].height) <= limits.replyDepth else {
            throw ConstraintError(message: "Every text is nested more than \(limits.replyDepth) deep.")
        }
        let automaton = PushdownAutomaton(grammar, depthLimit: limits.replyDepth)
        engine = Locked(Engine(automaton: automaton, builder: MaskBuilder(trie, basics: basics)))
        self.trie = trie
        self.limits = limits
        self.notes = notes
    }

    /// A matcher at the start of a reply.
    public func makeMatcher() -> any TokenMatcher { GrammarMatcher(self) }

    fileprivate var endTokens: [Int32] { trie.endTokens }

    /// Where a reply stands, valid in one epoch.
    fileprivate struct Standing {
        var epoch: Int
        var state: PushdownAutomaton.StateIndex
        var isComplete: Bool
    }

    fileprivate func start() -> Standing {
        engine.withLock { engine in Self.standing(engine.automaton.startState(), in: &engine) }
    }

    private static func standing(_ state: PushdownAutomaton.StateIndex, in engine: inout Engine) -> Standing {
        Standing(epoch: engine.epoch, state: state, isComplete: engine.automaton.isComplete(state))
    }

    fileprivate func advance(_ standing: Standing, by token: Int32, after history: inout [UInt8]) -> Standing {
        let bytes = trie.bytes(of: token)
        let before = history
        history.append(contentsOf: bytes)
        return engine.withLock { engine in
            var state = current(standing, before, in: &engine)
            if bytes.isEmpty { state = PushdownAutomaton.dead }
            for byte in bytes { state = engine.automaton.step(state, byte) }
            return Self.standing(state, in: &engine)
        }
    }

    fileprivate func restrict(_ mask: inout TokenMask, at standing: inout Standing, after history: [UInt8]) {
        let (set, accepts) = engine.withLock { engine in
            dropStatesBeyondLimits(&engine)
            let state = current(standing, history, in: &engine)
            standing = Self.standing(state, in: &engine)
            return (tokens(at: state, in: &engine), engine.automaton.accepts(state))
        }
        // Where nothing fits, because a token was forced on the reply, ending is all that is left.
        let mayEnd = accepts || standing.state == PushdownAutomaton.dead
        set.restrict(&mask, keeping: mayEnd ? trie.endTokens : [])
    }

    private func tokens(at state: PushdownAutomaton.StateIndex, in engine: inout Engine) -> TokenSet {
        if let known = engine.masks[state] { return known }
        let set = TokenSet(engine.builder.mask(of: state, in: &engine.automaton))
        engine.masks[state] = set
        engine.maskBytes += set.byteCount
        return set
    }

    /// The state, found again by its bytes if it was dropped.
    private func current(
        _ standing: Standing, _ history: [UInt8], in engine: inout Engine
    ) -> PushdownAutomaton.StateIndex {
        guard standing.epoch != engine.epoch else { return standing.state }
        guard standing.state != PushdownAutomaton.dead else { return PushdownAutomaton.dead }
        var state = engine.automaton.startState()
        for byte in history { state = engine.automaton.step(state, byte) }
        return state
    }

    private func dropStatesBeyondLimits(_ engine: inout Engine) {
        guard engine.automaton.stateCount > limits.cachedStates || engine.maskBytes > limits.cachedMaskBytes else {
            return
        }
        engine.automaton.reset()
        engine.masks = [:]
        engine.maskBytes = 0
        engine.epoch += 1
    }
}

/// Where one reply stands in a ``GrammarConstraint``.
private struct GrammarMatcher: TokenMatcher {
    private let constraint: GrammarConstraint
    private var standing: GrammarConstraint.Standing
    private var history: [UInt8] = []
    private var hasEnded = false

    init(_ constraint: GrammarConstraint) {
        self.constraint = constraint
        standing = constraint.start()
    }

    var isComplete: Bool { hasEnded || standing.isComplete }

    mutating func apply(to mask: inout TokenMask) {
        guard !hasEnded else { return TokenSet.few([]).restrict(&mask, keeping: constraint.endTokens) }
        constraint.restrict(&mask, at: &standing, after: history)
    }

    mutating func accept(_ token: Int32) {
        guard !hasEnded else { return }
        if constraint.endTokens.contains(token) {
            hasEnded = true
        } else {
            standing = constraint.advance(standing, by: token, after: &history)
        }
    }
}
