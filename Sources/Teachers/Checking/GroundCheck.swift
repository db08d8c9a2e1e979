import TrainingData

/// Whether replies after a tool's result keep to what was said before: a number that stands nowhere else is made up.
enum GroundCheck {
    static func require(_ conversation: TrainingConversation) throws(Rejection) {
        var known: Set<String> = []
        var isGrounded = false
        for message in conversation.messages {
            switch message.role {
            case .user: isGrounded = false
            case .tool: isGrounded = true
            case .system: break
            case .assistant:
                let numbers = numbers(in: message.content)
                if isGrounded, let made = numbers.first(where: { !known.contains($0) }) {
                    throw Rejection("a number from nowhere", "\(made) stands in no result: \(message.content)")
                }
            }
            known.formUnion(numbers(in: message.content))
        }
    }

    /// Digits that stand together, without leading zeros.
    private static func numbers(in text: String) -> [String] {
        text.split { !$0.isASCII || !$0.isNumber }.map { digits in
            let bare = digits.drop { $0 == "0" }
            return bare.isEmpty ? "0" : String(bare)
        }
    }
}
