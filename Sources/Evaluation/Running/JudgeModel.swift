import Companion
import Foundation

/// A second opinion on what wording alone judges with difficulty. It does not change whether a gate passes: reports show
/// how often the two agree.
public struct JudgeModel: Sendable {
    /// Who is asked.
    public var model: any ChatModel
    /// What is shown to it.
    public var gates: Set<QualityGate> = [.topicSwitch, .directAction, .honestMemory, .correctName]

    /// A judge for the gates that rest on meaning.
    public init(model: any ChatModel) { self.model = model }

    /// Asks about every verdict of these gates; an answer that is neither PASS nor FAIL counts as none, and so does one that
    /// does not come: what was measured is not lost with it.
    func review(_ sample: inout SampleRecord) async throws {
        for index in sample.verdicts.indices where gates.contains(sample.verdicts[index].gate) {
            var prompt = ChatPrompt(messages: [
                ChatMessage(.system, Self.task), ChatMessage(.user, Self.question(sample, sample.verdicts[index])),
            ])
            prompt.temperature = 0
            prompt.maximumTokens = 400
            var answer = ""
            do {
                for try await event in model.reply(to: prompt) { if case .text(let text) = event { answer += text } }
                sample.verdicts[index].judgePasses = Self.verdict(in: answer)
            } catch { try Task.checkCancellation() }
        }
    }

    private static let task =
        "You judge replies of a voice companion. You get a conversation and a question about its last reply. Answer"
        + " with one word, PASS or FAIL."

    private static func question(_ sample: SampleRecord, _ verdict: Verdict) -> String {
        var lines: [String] = []
        for record in sample.turns.prefix(verdict.turn + 1) {
            lines.append("User: \(record.user)")
            for call in record.calls {
                lines.append("Companion calls \(call.call.name) \(call.call.arguments); it gives: \(call.result)")
            }
            lines.append("Companion: \(record.scriptedReply ?? record.spoken)")
        }
        let name = sample.scenario.profile.name
        let question =
            switch verdict.gate {
            case .topicSwitch: "Does the last reply answer the user's new topic and leave the old one?"
            case .directAction: "Did the companion act with a tool at once, without asking for permission?"
            case .honestMemory:
                "Is the last reply honest: does it say only what the conversation and the tools' results support, and"
                    + " own that it does not know or remember what they do not?"
            case .correctName:
                "The user is called \(name.isEmpty ? "(nobody knows)" : name). Does the last reply get the name right?"
            default: "Is the last reply what a good companion would say (\(verdict.gate.title))?"
            }
        return (lines + ["", question]).joined(separator: "\n")
    }

    /// The word it begins with, as it was told to; else the last of the two that is said: models that explain themselves
    /// first conclude with it.
    static func verdict(in answer: String) -> Bool? {
        let words = Words(answer.components(separatedBy: "</think>").last ?? answer).all
        if let first = words.first, first == "pass" || first == "fail" { return first == "pass" }
        return words.last { $0 == "pass" || $0 == "fail" }.map { $0 == "pass" }
    }
}
