import Companion
import Foundation
import Locking

/// A clock that moves a second each time it is asked.
final class SteppingClock: Sendable {
    private let time = Locked(Date(timeIntervalSince1970: 1_770_000_000))

    func now() -> Date {
        time.withLock { time in
            time += 1
            return time
        }
    }
}

extension CompanionStore {
    /// In memory, with time that stands still only between calls.
    static func forTest() throws -> CompanionStore {
        let clock = SteppingClock()
        return try CompanionStore(inMemoryWithClock: { clock.now() })
    }

    /// Writes a session of user and assistant turns, in turn.
    func say(_ texts: [String], in session: String) throws {
        if try self.session(session) == nil { _ = try createSession(id: session, persona: "annie") }
        for (position, text) in texts.enumerated() {
            let role: ChatMessage.Role = position.isMultiple(of: 2) ? .user : .assistant
            _ = try append([ChatMessage(role, text)], to: session, isInterrupted: false)
        }
    }
}

/// Runs `body` with a folder of its own that is gone afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Runs `body` with a folder of its own that is gone afterwards.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
