import Inference
import JSON
import Tokenization

/// A conversation as the model reads it.
struct RenderedPrompt {
    var text: String
    var tokens: [Int32]
}

extension ConversationFields {
    /// Renders the conversation with its template.
    ///
    /// - Throws: 400 when the template refuses the messages.
    func render(for model: ServedModel) throws -> RenderedPrompt {
        guard let tokenizer = model.tokenizer else { throw APIError.needsTokenizer("messages") }
        var all = JSONObject()
        all["bos_token"] = tokenizer.beginningOfSequenceToken.map { .string($0) }
        all["eos_token"] = tokenizer.endOfSequenceToken.map { .string($0) }
        for (name, value) in variables { all[name] = value }
        var text = try template.render(
            messages: messages, tools: tools.source, addsGenerationPrompt: addsGenerationPrompt, variables: all)
        if continuesFinalMessage { text = try upToFinalMessage(text) }
        let tokens =
            addsSpecialTokens ? tokenizer.encode(text, addsSpecialTokens: true) : tokenizer.encode(text)
        return RenderedPrompt(text: text, tokens: tokens)
    }

    /// The text of the last message, which the reply goes on from or repeats.
    var finalText: String {
        let content = messages.last?["content"]
        return content?.string ?? content?.array?.last?["text"]?.string ?? ""
    }

    /// Cuts off what the template puts after the last message, as Hugging Face does.
    private func upToFinalMessage(_ text: String) throws(APIError) -> String {
        let final = finalText
        let trimmed = final.trimmed
        guard !trimmed.isEmpty, let range = text.ranges(of: trimmed).last else {
            throw .invalid("continue_final_message", "the chat template does not print the last message")
        }
        // A template that trims messages loses the spaces at the end; one that does not keeps them.
        let untrimmed = final.drop(while: \.isWhitespace)
        return text[range.lowerBound...].hasPrefix(untrimmed)
            ? String(text[..<range.lowerBound] + untrimmed) : String(text[..<range.upperBound])
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: Substring {
        let start = drop(while: \.isWhitespace)
        return start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)]
    }
}
