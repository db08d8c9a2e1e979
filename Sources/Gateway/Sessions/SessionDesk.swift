import Companion
import Foundation

/// Finds the conversation of a session, and begins or resumes it where need be.
actor SessionDesk {
    /// Makes the conversation of a session that is in the store.
    typealias Maker = @Sendable (_ session: String) async throws -> any Replying

    private let store: any CompanionStoring
    private let persona: String
    private let make: Maker
    private var open: [(id: String, conversation: any Replying)] = []
    /// Conversations kept in memory; others are read from the store again when they are wanted.
    private static let limit = 64

    init(store: any CompanionStoring, persona: String, make: @escaping Maker) {
        self.store = store
        self.persona = persona
        self.make = make
    }

    /// The conversation of a session, or of a new one.
    ///
    /// - Throws: ``UnknownSession``, and what the store throws.
    func conversation(_ id: String?) async throws -> (id: String, conversation: any Replying) {
        guard let id else {
            let record = try store.createSession(id: UUID().uuidString.lowercased(), persona: persona)
            return try await make(record.id, isNew: true)
        }
        if let position = open.firstIndex(where: { $0.id == id }) {
            let found = open.remove(at: position)
            open.append(found)
            return found
        }
        guard try store.session(id) != nil else { throw UnknownSession() }
        return try await make(id, isNew: false)
    }

    /// Whether anything has been said in the session.
    func hasTurns(_ id: String) throws -> Bool { try store.session(id).map { $0.turnCount > 0 } ?? false }

    /// Forgets a session; false when there was none.
    func delete(_ id: String) throws -> Bool {
        open.removeAll { $0.id == id }
        return try store.deleteSession(id)
    }

    private func make(_ id: String, isNew: Bool) async throws -> (id: String, conversation: any Replying) {
        let made = try await make(id)
        // Somebody else may have asked for it while it was being made.
        if let found = open.first(where: { $0.id == id }) { return found }
        open.append((id, made))
        if open.count > Self.limit { open.removeFirst() }
        return (id, made)
    }
}

/// A session id that nobody has heard of.
struct UnknownSession: Error {}
