import Companion
import Foundation
import JSON

/// Holds one scenario's conversation with a model, as the companion would.
struct ConversationRunner: Sendable {
    let model: any ChatModel
    let persona: Persona
    let definitions: [ToolDefinition]
    let limits: EvaluationLimits

    /// All turns up to one that the endpoint fails.
    func run(_ scenario: Scenario, _ sampling: Sampling) async -> [TurnRecord] {
        let tools = CannedTools(scenario, builtin: definitions)
        let system = SystemPrompt.assemble(persona: persona, profile: scenario.profile, tools: tools.definitions)
        var messages = [ChatMessage(.system, system)]
        var records: [TurnRecord] = []
        for (index, turn) in scenario.turns.enumerated() {
            let notes = index == 0 ? [scenario.clock].compactMap { $0 } : []
            messages.append(MessageContext.message(turn.user, after: notes, remembering: turn.remembering))
            if let reply = turn.scriptedReply {
                messages.append(ChatMessage(.assistant, reply))
                records.append(TurnRecord(user: turn.user, scriptedReply: reply))
                continue
            }
            var prompt = ChatPrompt(messages: messages, tools: tools.definitions)
            prompt.maximumTokens = limits.maximumTokens
            prompt.temperature = sampling.temperature
            prompt.seed = sampling.seed(for: scenario.id)
            let record = await answer(turn, prompt: &prompt, tools: tools)
            messages = prompt.messages
            records.append(record)
            if record.failure != nil { break }
        }
        return records
    }

    /// Replies and calls until a reply calls nothing.
    private func answer(_ turn: ScenarioTurn, prompt: inout ChatPrompt, tools: CannedTools) async -> TurnRecord {
        var record = TurnRecord(user: turn.user)
        while record.rounds.count <= limits.maximumToolRounds {
            var round: TurnRecord.Round
            do { round = try await reply(to: prompt) } catch {
                record.failure = "\(error)"
                return record
            }
            // Calls need ids of their own, which some servers give anew in every reply.
            for index in round.calls.indices { round.calls[index].call.id = "call_\(prompt.messages.count)_\(index)" }
            prompt.messages.append(
                ChatMessage(.assistant, round.text, toolCalls: round.calls.map { Self.sendable($0.call) }))
            for index in round.calls.indices {
                round.calls[index] = await tools.run(round.calls[index].call)
                let call = round.calls[index]
                prompt.messages.append(ChatMessage(.tool, call.result, toolCallID: call.call.id))
            }
            record.rounds.append(round)
            if round.calls.isEmpty { break }
        }
        return record
    }

    /// A call as servers take it back. They refuse arguments that are no JSON object, and what the model wrote wrongly would
    /// count as the server's failure, which nobody judges.
    private static func sendable(_ call: ToolCall) -> ToolCall {
        guard (try? JSONValue(parsing: call.arguments, maximumDepth: 64))?.object == nil else { return call }
        var call = call
        call.arguments = "{}"
        return call
    }

    private func reply(to prompt: ChatPrompt) async throws -> TurnRecord.Round {
        try await withThrowingTaskGroup(of: TurnRecord.Round?.self) { group in
            group.addTask { try await stream(prompt) }
            group.addTask {
                try await Task.sleep(for: .seconds(limits.replySeconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let round = first else {
                throw EvaluationError.tooSlow(seconds: limits.replySeconds)
            }
            return round
        }
    }

    private func stream(_ prompt: ChatPrompt) async throws -> TurnRecord.Round {
        let clock = ContinuousClock()
        let start = clock.now
        var round = TurnRecord.Round()
        for try await event in model.reply(to: prompt) {
            switch event {
            case .text(let text):
                if round.firstText == nil, text.contains(where: { !$0.isWhitespace }) {
                    round.firstText = (clock.now - start).inSeconds
                }
                round.text += text
            case .reasoning(let text): round.reasoning += text
            case .toolCall(let call): round.calls.append(TurnRecord.CallRecord(call))
            case .finished(let summary):
                round.finishReason = summary.finishReason
                round.tokens = summary.completionTokens
            }
        }
        try Task.checkCancellation()
        round.seconds = (clock.now - start).inSeconds
        return round
    }
}

/// How far a conversation may go.
public struct EvaluationLimits: Sendable, Equatable {
    /// Tokens of one reply.
    public var maximumTokens = 200
    /// Replies of one turn that call tools.
    public var maximumToolRounds = 4
    /// Seconds one reply may take.
    public var replySeconds = 120.0
    /// Conversations at a time. Times to first token mean something only with one.
    public var concurrency = 1
    /// Seconds in which the first word must come.
    public var firstTokenSeconds = 0.5

    /// The usual limits.
    public init() {}
}

/// Why a measurement could not be made.
public enum EvaluationError: Error, Equatable, CustomStringConvertible, Sendable {
    /// A reply took longer than it may.
    case tooSlow(seconds: Double)
    /// An endpoint answered what it should not.
    case endpoint(url: String, problem: String)
    /// A table's JSON is not what a table writes.
    case table(problem: String)

    /// What was found and what to do.
    public var description: String {
        switch self {
        case .tooSlow(let seconds): "the reply took longer than \(Int(seconds)) s; allow more, or fewer at a time"
        case .endpoint(let url, let problem): "\(url): \(problem)"
        case .table(let problem): "the table cannot be read: \(problem)"
        }
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
