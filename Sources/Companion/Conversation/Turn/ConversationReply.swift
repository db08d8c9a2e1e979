/// The handle of one reply; all that it does is done by the conversation, which knows whether it still counts.
struct ConversationReply: Reply {
    let conversation: Conversation
    let generation: Int
    let events: AsyncStream<ReplyEvent>

    func commit() async throws { try await conversation.commit(generation) }
    func discard() async { await conversation.discard(generation) }
    func interrupt(heard: String) async { await conversation.interrupt(generation, heard: heard) }
    func complete() async { await conversation.complete(generation) }
}
