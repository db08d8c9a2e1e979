import Foundation
import Inference
import JSON
import Tokenization
import TrainingData

/// What a checkpoint says where the assistant speaks last in a conversation, greedily.
public struct ReplySamples {
    /// Tokens of a reply at most.
    public var maximumTokens = 120

    /// The usual length.
    public init() {}

    /// The reply to each conversation, in order.
    ///
    /// - Parameter template: In place of the checkpoint's own.
    public func replies(
        of directory: URL, to conversations: [TrainingConversation], template: ChatTemplate? = nil
    ) async throws -> [String] {
        let engine = try Engine(loading: directory)
        let encoder = try ConversationEncoder(checkpoint: directory, template: template)
        var replies: [String] = []
        for conversation in conversations {
            let count = Self.question(conversation)?.messages.count ?? conversation.messages.count
            let prompt = try encoder.prompt(conversation, upTo: count)
            var request = GenerationRequest(
                id: "\(replies.count)", prompt: encoder.tokenizer.encode(prompt),
                stop: StopConditions(maximumTokens: maximumTokens))
            request.sampling.temperature = 0
            var text = ""
            for try await case .token(let token) in try engine.generate(request) { text += token.text }
            replies.append(text)
        }
        return replies
    }

    /// The conversation up to the assistant's last words, and what the data has there.
    static func question(_ conversation: TrainingConversation) -> (
        messages: [TrainingMessage], answer: TrainingMessage
    )? {
        guard let last = conversation.messages.lastIndex(where: { $0.role == .assistant }) else { return nil }
        return (Array(conversation.messages[..<last]), conversation.messages[last])
    }
}

extension ReplySamples {
    /// What two checkpoints say in the same conversations.
    public func examples(
        _ conversations: [TrainingConversation], before: URL, after: URL, template: ChatTemplate? = nil
    ) async throws -> [TeachingReport.Example] {
        let first = try await replies(of: before, to: conversations, template: template)
        let second = try await replies(of: after, to: conversations)
        return zip(conversations, zip(first, second)).compactMap { conversation, replies in
            guard let question = Self.question(conversation) else { return nil }
            return TeachingReport.Example(
                prompt: question.messages.last { $0.role == .user }?.content ?? "",
                expected: question.answer.content, before: replies.0, after: replies.1)
        }
    }
}
