import Companion
import Foundation

/// What came of one thing the user said.
public struct TurnRecord: Sendable, Equatable {
    /// The user's words.
    public var user: String
    /// What the model said and called, request by request; one that is scripted has none.
    public var rounds: [Round]
    /// The reply, where the scenario gives it.
    public var scriptedReply: String?
    /// Why there is no (whole) reply: an error of the endpoint, never of the model's manners.
    public var failure: String?

    /// A turn with these parts.
    public init(user: String, rounds: [Round] = [], scriptedReply: String? = nil, failure: String? = nil) {
        self.user = user
        self.rounds = rounds
        self.scriptedReply = scriptedReply
        self.failure = failure
    }

    /// One request and its reply.
    public struct Round: Sendable, Equatable {
        /// What is said.
        public var text: String
        /// What the server told apart as thoughts.
        public var reasoning: String
        /// What is called, and what that gave.
        public var calls: [CallRecord]
        /// OpenAI's `finish_reason`.
        public var finishReason: String
        /// Seconds to the first word; nil where none came.
        public var firstText: Double?
        /// Seconds to the end.
        public var seconds: Double
        /// Tokens of the reply, where the server tells.
        public var tokens: Int?

        /// A reply with these parts.
        public init(
            text: String = "", reasoning: String = "", calls: [CallRecord] = [], finishReason: String = "stop",
            firstText: Double? = nil, seconds: Double = 0, tokens: Int? = nil
        ) {
            self.text = text
            self.reasoning = reasoning
            self.calls = calls
            self.finishReason = finishReason
            self.firstText = firstText
            self.seconds = seconds
            self.tokens = tokens
        }
    }

    /// A call and its result.
    public struct CallRecord: Sendable, Equatable {
        /// As the model made it.
        public var call: ToolCall
        /// What it was given back.
        public var result: String
        /// What is wrong with the call itself; nil when it is valid.
        public var problem: String?

        /// A call with its result.
        public init(_ call: ToolCall, result: String = "", problem: String? = nil) {
            self.call = call
            self.result = result
            self.problem = problem
        }
    }

    /// All that is heard in the turn. A block of thoughts at its start that is empty is none.
    public var spoken: String {
        rounds.map { Self.withoutEmptyThoughts($0.text) }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// All calls, in their order.
    public var calls: [CallRecord] { rounds.flatMap(\.calls) }

    /// Seconds from a request to its first word, of the first reply that has words.
    public var firstText: Double? { rounds.lazy.compactMap(\.firstText).first }

    /// Whether the last reply was cut off at the limit of tokens.
    public var isCutOff: Bool { rounds.last?.finishReason == "length" }

    private static func withoutEmptyThoughts(_ text: String) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.hasPrefix("<think>"), let end = trimmed.range(of: "</think>") else { return trimmed }
        let inside = trimmed[trimmed.index(trimmed.startIndex, offsetBy: 7)..<end.lowerBound]
        return inside.allSatisfy(\.isWhitespace)
            ? trimmed[end.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines) : trimmed
    }
}
