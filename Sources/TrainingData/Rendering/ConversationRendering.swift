import JSON
import Tokenization

/// A conversation's renderings, and where in them the assistant's texts stand.
struct ConversationRendering {
    let conversation: TrainingConversation
    private let encoder: ConversationEncoder
    private let messages: [JSONValue]
    private let variables: JSONObject

    init(_ encoder: ConversationEncoder, _ conversation: TrainingConversation) {
        self.encoder = encoder
        self.conversation = conversation
        messages = conversation.messages.map { $0.json() }
        var variables = JSONObject()
        variables["bos_token"] = encoder.tokenizer.beginningOfSequenceToken.map { .string($0) }
        variables["eos_token"] = encoder.tokenizer.endOfSequenceToken.map { .string($0) }
        variables["enable_thinking"] = .bool(encoder.options.thinks)
        for (name, value) in encoder.options.variables { variables[name] = value }
        self.variables = variables
    }

    /// The UTF-8 of the first `end` messages.
    func text(upTo end: Int, addsGenerationPrompt: Bool) throws(SampleProblem) -> [UInt8] {
        do throws(ChatTemplateError) {
            let text = try encoder.template.render(
                messages: Array(messages[..<end]), tools: conversation.tools.isEmpty ? nil : conversation.tools,
                addsGenerationPrompt: addsGenerationPrompt, variables: variables)
            return Array(text.utf8)
        } catch {
            throw SampleProblem(
                line: conversation.line, .template, "the chat template refuses the first \(end) messages: \(error)")
        }
    }

    /// The bytes of `text` that the served model would have written for the message, with the token that ends the turn.
    func span(of index: Int, in text: [UInt8]) throws(SampleProblem) -> Range<Int> {
        let prompt = try self.text(upTo: index, addsGenerationPrompt: true)
        guard text.starts(with: prompt) else {
            throw lost(index, "is printed behind another prompt than the one it is served with")
        }
        let whole = try self.text(upTo: index + 1, addsGenerationPrompt: false)
        guard whole.count > prompt.count, text.starts(with: whole) else {
            throw lost(index, "is printed differently once more messages follow")
        }
        let region = text[prompt.count..<whole.count]
        guard let end = endOfTurn(in: region) else {
            let tokens = encoder.endOfTurn.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " or ")
            throw lost(index, "is not closed by \(tokens.isEmpty ? "any token that ends a reply" : tokens)")
        }
        let body = region[..<(end.lowerBound)]
        if let part = conversation.messages[index].partMissing(in: body) {
            throw lost(index, "has \(part) that is not printed as it is")
        }
        return prompt.count..<end.upperBound
    }

    /// The last token that ends a turn, with nothing but white space after it.
    private func endOfTurn(in region: ArraySlice<UInt8>) -> Range<Int>? {
        let last = region.lastIndex { !$0.isWhitespace }.map { $0 + 1 } ?? region.startIndex
        let visible = region[..<last]
        for token in encoder.endOfTurn where !token.isEmpty && visible.reversed().starts(with: token.reversed()) {
            return (last - token.count)..<last
        }
        return nil
    }

    private func lost(_ index: Int, _ what: String) -> SampleProblem {
        SampleProblem(
            line: conversation.line, .lostSpan,
            "messages[\(index)] \(what) by the chat template, so what is learned of it cannot be marked;"
                + " use another template")
    }
}

extension TrainingMessage {
    /// What of the message the text lacks, in words; nil when all of it stands there in order.
    func partMissing(in text: ArraySlice<UInt8>) -> String? {
        var rest = text
        func take(_ forms: [String]) -> Bool {
            let forms = forms.map { Array($0.utf8) }
            guard forms.allSatisfy({ !$0.isEmpty }) else { return true }
            guard let range = forms.lazy.compactMap({ rest.firstRange(of: $0) }).first else { return false }
            rest = rest[range.upperBound...]
            return true
        }
        if let reasoning, !take([reasoning.trimmed]) { return "reasoning" }
        if !take([content.trimmed]) { return "content" }
        for call in toolCalls {
            if !take([call.name]) { return "a tool call" }
            for (_, value) in call.arguments where !value.forms.isEmpty {
                if !take(value.forms) { return "a tool call's argument" }
            }
        }
        return nil
    }
}

extension JSONValue {
    /// The ways a template may print an argument; none for those that Python and JSON write differently.
    fileprivate var forms: [String] {
        switch self {
        case .string(let text): [String(self.text().dropFirst().dropLast()), text, text.trimmed]
        case .integer, .number: [text()]
        default: []
        }
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(
            start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)])
    }
}

extension UInt8 {
    fileprivate var isWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
