import JSON

/// Makes a reply follow a JSON schema.
///
/// A convenience over ``ConstraintRule/jsonSchema(_:)``; a server that sees the same schemas again goes through
/// ``ConstraintCompiler``, which keeps them.
public struct JSONSchemaConstraint: TokenConstraint {
    private let constraint: GrammarConstraint

    /// - Throws: ``ConstraintError``, with the JSON pointer of what cannot be honoured.
    public init(
        _ schema: JSONValue, trie: TokenTrie, limits: ConstraintLimits = ConstraintLimits()
    ) throws(ConstraintError) {
        constraint = try GrammarConstraint(.jsonSchema(schema), trie: trie, limits: limits)
    }

    /// What was left out of account, such as an unknown `format`.
    public var notes: [String] { constraint.notes }

    /// A matcher at the start of a reply.
    public func makeMatcher() -> any TokenMatcher { constraint.makeMatcher() }
}
