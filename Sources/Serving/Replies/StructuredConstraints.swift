import Inference
import JSON

/// Compiles what a request wants its reply to spell.
enum StructuredConstraints {
    static func constraint(
        for output: StructuredOutput, model: ServedModel
    ) throws(APIError) -> (any TokenConstraint)? { nil }
}
