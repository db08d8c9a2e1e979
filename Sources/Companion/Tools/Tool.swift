import Foundation
import JSON

/// Something the companion can do when her model asks for it.
public protocol Tool: Sendable {
    /// What the model is told.
    var definition: ToolDefinition { get }
    /// Whether running it changes anything; such calls wait for those before them, and those after wait for them.
    var hasSideEffects: Bool { get }
    /// How long a call may take before it is given up.
    var timeLimit: Duration { get }
    /// Does it, and says how it went in words for the model.
    ///
    /// - Parameter arguments: Checked against the definition's schema: required ones are there, types are right.
    /// - Throws: ``ToolError`` for what the model can act on, or any other error.
    func run(arguments: JSONObject, context: ToolContext) async throws -> String
}

/// What a tool may know of the conversation it is called in.
public struct ToolContext: Sendable {
    /// The session; its own turns need not be searched.
    public var session: String?
    /// Where the user is.
    public var timeZone: TimeZone
    /// Tells the time.
    public var now: @Sendable () -> Date

    /// A context with these parts.
    public init(
        session: String? = nil, timeZone: TimeZone = .current, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.session = session
        self.timeZone = timeZone
        self.now = now
    }
}

/// Why a tool could not do what was asked, in words the model can act on or pass on.
public struct ToolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was found, what was expected, what to do.
    public var message: String

    /// An error with this message.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}
