extension TrainingConversation {
    /// The conversation itself, if a model can learn from it.
    ///
    /// - Throws: The first problem: roles out of order, calls that nothing declares or answers, nothing to learn.
    public func validated() throws(SampleProblem) -> TrainingConversation {
        var check = ConversationCheck(declared: Set(tools.compactMap(MessageReader.name(of:))), line: line)
        for (index, message) in messages.enumerated() { try check.take(message, place: "messages[\(index)]") }
        try check.finish()
        return self
    }
}

/// Walks through a conversation once and holds what may come next.
private struct ConversationCheck {
    let declared: Set<String>
    let line: Int
    private var previous: TrainingMessage.Role?
    private var open: [String] = []
    private var learns = false

    init(declared: Set<String>, line: Int) {
        self.declared = declared
        self.line = line
    }

    mutating func take(_ message: TrainingMessage, place: String) throws(SampleProblem) {
        if message.role != .tool, let call = open.first {
            throw SampleProblem(
                line: line, .unmatchedToolResult, "\(place) comes before the result of the call '\(call)'")
        }
        switch message.role {
        case .system:
            guard previous == nil else { throw role("\(place) is a system message; only the first may be one") }
        case .user:
            guard previous != .user else { throw role("\(place) is a second user message in a row; join the two") }
            guard !message.content.allSatisfy(\.isWhitespace) else { throw field("\(place).content is empty") }
        case .assistant: try takeAssistant(message, place: place)
        case .tool: try takeResult(message, place: place)
        }
        previous = message.role
    }

    private mutating func takeAssistant(_ message: TrainingMessage, place: String) throws(SampleProblem) {
        guard previous == .user || previous == .tool else {
            let what = previous == .assistant ? "follows another one; join the two" : "has no user message before it"
            throw role("\(place) is the assistant's and \(what)")
        }
        guard !message.toolCalls.isEmpty || !message.content.allSatisfy(\.isWhitespace) else {
            throw field("\(place) says nothing and calls nothing")
        }
        for (index, call) in message.toolCalls.enumerated() {
            guard declared.contains(call.name) else {
                let known =
                    declared.isEmpty
                    ? "no tools are declared" : "declared are \(declared.sorted().joined(separator: ", "))"
                throw SampleProblem(
                    line: line, .wrongToolCall, "\(place).tool_calls[\(index)] calls '\(call.name)', but \(known)")
            }
            guard !open.contains(call.id) else {
                throw SampleProblem(
                    line: line, .wrongToolCall, "\(place).tool_calls[\(index)] has the id of an earlier call")
            }
            open.append(call.id)
        }
        learns = learns || message.isLearned
    }

    private mutating func takeResult(_ message: TrainingMessage, place: String) throws(SampleProblem) {
        guard let id = message.toolCallID else {
            throw SampleProblem(line: line, .unmatchedToolResult, "\(place) is a tool's result without tool_call_id")
        }
        guard let position = open.firstIndex(of: id) else {
            throw SampleProblem(
                line: line, .unmatchedToolResult, "\(place) answers the call '\(id)', which nobody made")
        }
        open.remove(at: position)
    }

    func finish() throws(SampleProblem) {
        guard previous == .assistant else {
            throw SampleProblem(
                line: line, .nothingToLearn,
                previous == nil
                    ? "there are no messages" : "the last message is not the assistant's; nothing is learned from it")
        }
        guard learns else { throw SampleProblem(line: line, .nothingToLearn, "every assistant message has weight 0") }
    }

    private func role(_ message: String) -> SampleProblem { SampleProblem(line: line, .wrongRole, message) }
    private func field(_ message: String) -> SampleProblem { SampleProblem(line: line, .wrongField, message) }
}
