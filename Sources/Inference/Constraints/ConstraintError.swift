/// Why a schema, pattern or list of choices cannot be followed.
public struct ConstraintError: Error, Equatable, CustomStringConvertible {
    /// Where in the schema, as a JSON pointer such as `#/properties/age`; empty when there is no schema.
    public var pointer: String
    /// What was found, what was expected, what to do.
    public var message: String
    /// Whether schemas that must hold together exclude one another; an alternative of that kind is left out.
    var isContradiction = false

    /// An error at a place of a schema, or about a constraint as a whole.
    public init(pointer: String = "", message: String) {
        self.pointer = pointer
        self.message = message
    }

    /// The place, if there is one, and the message.
    public var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }
}

/// Bounds on what a constraint may cost, so that a hostile one is refused instead of filling the memory.
public struct ConstraintLimits: Sendable, Equatable {
    /// Bytes of a schema's text, of a pattern, or of all choices together.
    public var sourceBytes = 512 << 10
    /// How deeply a schema's objects may be nested.
    public var schemaDepth = 64
    /// States of the grammar.
    public var grammarNodes = 200_000
    /// States of a single pattern's automaton.
    public var patternStates = 4_000
    /// How deeply arrays and objects of a reply (and the rules behind them) may be nested.
    public var replyDepth = 256
    /// States of the automaton that are kept with their masks before all are dropped and built anew.
    public var cachedStates = 8_192
    /// Bytes of those masks.
    public var cachedMaskBytes = 64 << 20

    /// The defaults.
    public init() {}
}
