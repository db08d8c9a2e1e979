import Inference
import JSON

/// Compiles what a request's reply must spell.
struct ReplyConstraints {
    let slot: ModelSlot

    /// The constraint for a structured output.
    ///
    /// - Throws: 400 when a schema or pattern cannot be followed; the message says where.
    func constraint(for output: StructuredOutput) throws(APIError) -> any TokenConstraint {
        try compile(output.rule, field: output.field)
    }

    /// The constraint for a forced tool choice, or nil if the model is free to write.
    func constraint(for tools: ToolFields) throws(APIError) -> (any TokenConstraint)? {
        let definitions = tools.definitions.map { ToolChoiceConstraint.Tool(name: $0.name, parameters: $0.parameters) }
        switch tools.choice {
        case .none, .automatic: return nil
        case .required:
            let maximum = tools.allowsParallelCalls ? nil : 1
            return try compile(ToolChoiceConstraint.required(definitions, maximumCalls: maximum), field: "tools")
        case .named(let name):
            guard let tool = definitions.first(where: { $0.name == name }) else { return nil }
            return try compile(ToolChoiceConstraint.named(tool), field: "tools")
        }
    }

    private func compile(_ rule: ConstraintRule, field: String) throws(APIError) -> any TokenConstraint {
        let compiler = try slot.constraints(for: field)
        do { return try compiler.constraint(for: rule) } catch { throw .invalid(field, error.description) }
    }
}
