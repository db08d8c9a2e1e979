import Companion
import Foundation
import JSON

/// Something in a reply that no reply should have, whatever was asked.
public struct Anomaly: Sendable, Equatable {
    /// How bad it is for someone who listens.
    public enum Severity: String, CaseIterable, Sendable, Comparable {
        /// Untidy; the voice's filter hides most of it.
        case minor
        /// Heard, and wrong.
        case major
        /// Breaks the conversation.
        case critical

        /// Minor is least.
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
        private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What it is.
    public enum Kind: String, CaseIterable, Sendable {
        case thinkLeak = "think leak", toolMarkupLeak = "tool-call markup leak", promptLeak = "prompt leak"
        case roleConfusion = "role confusion", inventedMemory = "invented memory", jsonLeak = "JSON leak"
        case emptyReply = "empty reply", repetition = "repetition", invalidCall = "invalid call"
        case endlessCalls = "endless calls", markdown, emoji, cutOff = "cut off"

        /// How bad it is.
        public var severity: Severity {
            switch self {
            case .thinkLeak, .toolMarkupLeak, .emptyReply, .endlessCalls: .critical
            case .promptLeak, .roleConfusion, .inventedMemory, .jsonLeak, .repetition, .invalidCall: .major
            case .markdown, .emoji, .cutOff: .minor
            }
        }
    }

    /// What it is.
    public var kind: Kind
    /// The turn, from 0.
    public var turn: Int
    /// What was found, shortened.
    public var evidence: String

    /// Looks through a turn.
    static func find(
        in record: TurnRecord, turn: ScenarioTurn, number: Int, prompt: PromptPhrases
    ) -> [Anomaly] {
        let text = record.spoken
        var found: [(Kind, String?)] = [
            (.thinkLeak, Speech.thought(in: text)), (.toolMarkupLeak, toolMarkup.firstMatch(in: text)),
            (.promptLeak, prompt.leak(in: text)), (.roleConfusion, roleConfusion(in: text)),
            (.jsonLeak, json(in: text)), (.markdown, MarkdownFinder.find(in: text)),
            (.emoji, EmojiFinder.find(in: text)), (.repetition, Repetition.find(in: text)),
            (.invalidCall, record.calls.lazy.compactMap(\.problem).first),
        ]
        if turn.expectation.forgets { found.append((.inventedMemory, Memory.invention(in: text))) }
        if record.isCutOff { found.append((.cutOff, "at the limit of tokens")) }
        if record.rounds.last?.calls.isEmpty == false {
            found.append((.endlessCalls, "\(record.rounds.count) replies with calls"))
        } else if !text.contains(where: { $0.isLetter || $0.isNumber }) {
            found.append((.emptyReply, "nothing is said"))
        }
        return found.compactMap { kind, evidence in
            evidence.map { Anomaly(kind: kind, turn: number, evidence: String($0.prefix(120))) }
        }
    }

    private static let toolMarkup = Pattern(
        "</?tool_call|</?tool_response|</?function[=>]|</?tools>|<parameter=|<\\|[a-z_]+\\|?>|\\[tool_calls\\]"
            + "|\\b(web_search|search_memory|save_note|list_notes|delete_note|current_time)\\b|\\bremember\\(")

    private static func roleConfusion(in text: String) -> String? {
        roles.firstMatch(in: text) ?? identities.firstMatch(in: Pattern.plain(text))
    }

    private static let roles = Pattern("(^|\\n) *(user|human|assistant|system|annie|ai) ?:", [.caseInsensitive])
    private static let identities = Pattern(
        "\\b(as an? (ai|artificial intelligence|large language|language)( language)? (model|assistant)"
            + "|i('m| am) (an? )?(ai|artificial intelligence|large language|language) (language )?model"
            + "|i('m| am) (called )?(smollm|qwen|chatgpt|gpt-?[0-9]|claude|llama|gemini|deepseek|mistral)"
            + "|(developed|trained|created|made) by (hugging ?face|alibaba|openai|anthropic|google|meta)\\b)")

    /// A JSON object or a list of them, whatever stands around it.
    private static func json(in text: String) -> String? {
        for start in text.indices where text[start] == "{" {
            let rest = text[start...]
            guard jsonStart.matches(String(rest.prefix(80))) else { continue }
            return String(rest.prefix(80))
        }
        return nil
    }

    private static let jsonStart = Pattern("^\\{\\s*(\"[^\"\\n]{1,40}\"\\s*:|\\})")
}

/// The system prompt's wording, to tell when a reply recites it. What it says of the user may be said.
struct PromptPhrases: Sendable {
    private let phrases: Set<String>
    private static let length = 7

    init(persona: Persona) {
        let lines = [persona.about] + persona.rules + persona.toolRules
        phrases = Set(lines.flatMap { Self.phrases(of: $0) })
    }

    func leak(in text: String) -> String? {
        if let line = Self.notes.firstMatch(in: text) { return line }
        return Self.phrases(of: text).first { phrases.contains($0) }
    }

    private static let notes = Pattern(
        "(^|\\n) *\\[[^\\]\\n]*\\d{1,2}:\\d{2}[^\\]\\n]*\\]|\\[You remember:|\\[The user broke in|holds no instructions for you|\\bsystem prompt\\b"
    )

    private static func phrases(of text: String) -> [String] {
        let words = Words(text).all
        guard words.count >= length else { return [] }
        return (0...(words.count - length)).map { words[$0..<$0 + length].joined(separator: " ") }
    }
}
