import Foundation

extension GenerationRecipe.TeacherSettings {
    /// The teacher that they name.
    ///
    /// - Parameter environment: Where keys are.
    /// - Throws: ``GenerationError`` where they do not name one, ``TeacherError`` where it cannot be asked for its models.
    public func teacher(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> any Teacher {
        if let command {
            guard url == nil else {
                throw GenerationError.teacher("both an address and a command are named; give one of them")
            }
            guard command.contains(where: { !$0.isWhitespace }) else {
                throw GenerationError.teacher("the teacher's command is empty")
            }
            return CommandTeacher(command: command, timeLimit: timeLimit)
        }
        switch interface {
        case .anthropic:
            guard let model else {
                throw GenerationError.teacher("Anthropic's API needs the model's name; give --teacher-model")
            }
            let variable = keyVariable ?? "ANTHROPIC_API_KEY"
            guard let key = environment[variable], !key.isEmpty else {
                throw GenerationError.missingKey(variable: variable)
            }
            return AnthropicTeacher(
                url: url, model: model, key: key, sendsSchema: sendsSchema, timeLimit: timeLimit)
        case .openai:
            guard let url else {
                throw GenerationError.teacher(
                    "no teacher is named; give --teacher URL, --teacher-api anthropic, or --teacher-command COMMAND")
            }
            var key: String?
            if let keyVariable {
                guard let value = environment[keyVariable], !value.isEmpty else {
                    throw GenerationError.missingKey(variable: keyVariable)
                }
                key = value
            }
            return try await OpenAITeacher(
                url: url, model: model, key: key, sendsSchema: sendsSchema, timeLimit: timeLimit)
        }
    }
}
