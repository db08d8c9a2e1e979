import JSON

/// What a reply may be, as a client asks for it (vLLM's `structured_outputs`, OpenAI's `response_format`).
public enum ConstraintRule: Sendable, Equatable {
    /// A value that follows a JSON schema.
    case jsonSchema(JSONValue)
    /// Any JSON object.
    case jsonObject
    /// A text that matches a regular expression as a whole.
    case regex(String)
    /// One of these texts.
    case choice([String])

    /// The key under which equal rules are cached. Member order counts: it is the order of generation.
    var text: String {
        switch self {
        case .jsonSchema(let schema): "schema" + schema.text()
        case .jsonObject: "object"
        case .regex(let pattern): "regex" + pattern
        case .choice(let choices): "choice" + JSONValue.array(choices.map { .string($0) }).text()
        }
    }

    /// vLLM's `structured_outputs` object, whose only non-null member among `json`, `regex`, `choice` and `json_object`
    /// says what is wanted.
    ///
    /// - Returns: Nil if none of them is given.
    /// - Throws: ``ConstraintError`` for several at once, for a wrong type, and for `grammar` and `structural_tag`, which
    ///   are not supported.
    public init?(structuredOutputs: JSONValue) throws(ConstraintError) {
        let kinds = ["json", "json_object", "regex", "choice", "grammar", "structural_tag"]
        let given = kinds.filter { !(structuredOutputs[$0]?.isNull ?? true) && structuredOutputs[$0] != false }
        guard let kind = given.first, let value = structuredOutputs[kind] else { return nil }
        guard given.count == 1 else {
            throw ConstraintError(
                message:
                    "You can only use one kind of structured outputs constraint, got \(given.joined(separator: ", ")).")
        }
        switch (kind, value) {
        case ("json", .string(let text)):
            do { self = .jsonSchema(try JSONValue(parsing: text)) } catch {
                throw ConstraintError(pointer: "#", message: "The schema is not valid JSON: \(error).")
            }
        case ("json", _): self = .jsonSchema(value)
        case ("json_object", true): self = .jsonObject
        case ("regex", .string(let pattern)): self = .regex(pattern)
        case ("choice", .array(let choices)) where choices.allSatisfy { $0.string != nil }:
            self = .choice(choices.compactMap(\.string))
        case ("grammar", _), ("structural_tag", _):
            throw ConstraintError(message: "'\(kind)' constraints are not supported; use 'json', 'regex' or 'choice'.")
        default: throw ConstraintError(message: "'\(kind)' has a value of the wrong type.")
        }
    }
}
