import Companion
import Foundation

/// Finds the conversation of a session, and begins or resumes it where need be.
actor SessionDesk {
    /// Makes the conversation of a session that is in the store.
    typealias Maker = @Sendable (_ session: String) async throws -> any Replying

    private let store: any CompanionStoring
    private let persona: String
    private let make: Maker
    private var kept: [(id: String, conversation: any Replying)] = []
    /// Conversations kept in memory; others are read from the store again when they are wanted.
    private static let limit = 64

    init(store: any CompanionStoring, persona: String, make: @escaping Maker) {
        self.store = store
        self.persona = persona
        self.make = make
    }

    /// The conversation of a session, or of a new one.
    ///
    /// - Throws: `ConversationError.unknownSession`, and what the store throws.
    func conversation(_ id: String?) async throws -> (id: String, conversation: any Replying) {
        guard let id else {
            let record = try store.createSession(id: UUID().uuidString.lowercased(), persona: persona)
            return try await open(record.id)
        }
        if let position = kept.firstIndex(where: { $0.id == id }) {
            let found = kept.remove(at: position)
            kept.append(found)
            return found
        }
        return try await open(id)
    }

    /// Whether anything has been said in the session.
    func hasTurns(_ id: String) throws -> Bool { try store.session(id).map { $0.turnCount > 0 } ?? false }

    /// Forgets a session; false when there was none.
    func delete(_ id: String) throws -> Bool {
        kept.removeAll { $0.id == id }
        return try store.deleteSession(id)
    }

    private func open(_ id: String) async throws -> (id: String, conversation: any Replying) {
        guard try store.session(id) != nil else { throw ConversationError.unknownSession(id) }
        let made = try await make(id)
        // While it was being made, somebody else may have asked for it, or deleted it.
        if let found = kept.first(where: { $0.id == id }) { return found }
        guard try store.session(id) != nil else { throw ConversationError.unknownSession(id) }
        kept.append((id, made))
        if kept.count > Self.limit { kept.removeFirst() }
        return (id, made)
    }
}
