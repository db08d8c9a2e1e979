import TrainingData

/// The rules that every reply of the dataset keeps, whoever wrote it: what the voice could not say, or would say too much.
public enum ReplyRules {
    static let mostWords = 45

    /// What is wrong with a conversation's replies; empty when nothing is.
    public static func problems(of conversation: TrainingConversation) -> [String] {
        conversation.messages.filter { $0.role == .assistant && !$0.content.isEmpty }.flatMap {
            problems(of: $0.content)
        }
    }

    static func problems(of reply: String) -> [String] {
        var problems: [String] = []
        if sentences(in: reply) > 2 { problems.append("more than two sentences") }
        if reply.split(separator: " ").count > mostWords { problems.append("more than \(mostWords) words") }
        if reply.contains(where: { "*_#`|<>[]{}\n".contains($0) }) { problems.append("markup") }
        if reply.contains("http") || reply.contains(".example") { problems.append("an address") }
        if reply.contains(where: isPictograph) { problems.append("an emoji") }
        if reply.contains("?") { problems.append("a question") }
        if offers.contains(where: reply.lowercased().contains) { problems.append("an offer") }
        if !(reply.last.map { ".!".contains($0) } ?? false) { problems.append("no full stop") }
        return problems
    }

    static func sentences(in text: String) -> Int {
        let characters = Array(text)
        return characters.indices.count { index in
            ".!?".contains(characters[index]) && (index + 1 == characters.count || characters[index + 1] == " ")
        }
    }

    private static func isPictograph(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.isEmojiPresentation || $0.value == 0xFE0F }
    }

    private static let offers = [
        "let me know", "feel free", "would you like", "do you want me", "shall i", "happy to help", "if you need",
        "anything else", "if you'd like",
    ]
}
