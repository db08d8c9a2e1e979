/// Why a conversation is not kept.
public struct Rejection: Error, Sendable, Equatable {
    /// In a few words, the same for all of the kind: reports count by it.
    public var reason: String
    /// What was found.
    public var detail: String

    /// A reason with what was found.
    public init(_ reason: String, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
