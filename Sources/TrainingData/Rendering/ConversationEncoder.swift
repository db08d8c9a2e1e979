import Foundation
import JSON
import Tokenization

/// Turns conversations into documents with a checkpoint's own template and tokenizer, exactly as they are served.
///
/// Most templates print a conversation so that every prompt is a beginning of what follows; then a conversation is one
/// document. Some print earlier turns differently from the last (Qwen3.5 drops the reasoning of earlier turns); then each
/// user turn is a document of its own, in which only that turn's replies are learned. Where neither finds the assistant's
/// text in the rendering, the sample is refused: a mask over such a text would lie.
public struct ConversationEncoder: Sendable {
    /// How conversations are rendered.
    public struct Options: Sendable {
        /// Whether reasoning is kept and taught; without, the template is told that thinking is off.
        public var thinks = false
        /// Documents with more tokens are refused; nil takes any.
        public var maximumTokens: Int?
        /// Further template variables.
        public var variables = JSONObject()

        /// Thinking off, any length.
        public init(thinks: Bool = false, maximumTokens: Int? = nil, variables: JSONObject = JSONObject()) {
            self.thinks = thinks
            self.maximumTokens = maximumTokens
            self.variables = variables
        }
    }

    /// Makes the tokens.
    public let tokenizer: Tokenizer
    let template: ChatTemplate
    let endOfTurn: [[UInt8]]
    let options: Options
    private let controlTokens: [String]
    /// What they begin with: few texts hold one of these, and only those are searched.
    private let controlStarts: Set<UInt8>

    /// An encoder for one checkpoint.
    ///
    /// - Parameter endOfTurn: The ids of the tokens that end a reply, from `generation_config.json`; empty takes the
    ///   tokenizer's end of sequence.
    public init(tokenizer: Tokenizer, template: ChatTemplate, endOfTurn: [Int32] = [], options: Options = Options()) {
        self.tokenizer = tokenizer
        self.template = template
        self.options = options
        let ids = endOfTurn.isEmpty ? tokenizer.endOfSequenceID.map { [$0] } ?? [] : endOfTurn
        self.endOfTurn = ids.compactMap { tokenizer.token(of: $0) }.map { Array($0.utf8) }
        controlTokens = tokenizer.allAddedTokens.filter(\.isSpecial).map(\.content).filter { !$0.isEmpty }
        controlStarts = Set(controlTokens.compactMap(\.utf8.first))
    }

    /// An encoder for the checkpoint in a directory.
    ///
    /// - Parameters:
    ///   - tokenizer: Another tokenizer than the checkpoint's own.
    ///   - template: Another template than the checkpoint's own.
    /// - Throws: What is wrong with its files, or that it has no chat template.
    public init(
        checkpoint directory: URL, tokenizer: Tokenizer? = nil, template: ChatTemplate? = nil,
        options: Options = Options()
    ) throws {
        guard let template = try template ?? ChatTemplate.load(from: directory) else {
            throw ChatTemplateMissing(directory: directory.path)
        }
        let configuration = directory.appending(path: "generation_config.json")
        let json = FileManager.default.contents(atPath: configuration.path).flatMap { try? JSONValue(parsing: $0) }
        let ends = json?["eos_token_id"]
        let ids = (ends?.array ?? ends.map { [$0] } ?? []).compactMap(\.integer).compactMap(Int32.init(exactly:))
        self.init(
            tokenizer: try tokenizer ?? Tokenizer(contentsOf: directory), template: template, endOfTurn: ids,
            options: options)
    }

    /// The conversation's documents: one, or one for each user turn.
    ///
    /// - Throws: Why the sample cannot be learned from with this template.
    public func encode(_ conversation: TrainingConversation) throws(SampleProblem) -> [EncodedConversation] {
        var conversation = conversation
        if !options.thinks {
            for index in conversation.messages.indices { conversation.messages[index].dropReasoning() }
        }
        try refuseControlTokens(in: conversation)
        let rendering = ConversationRendering(self, conversation)
        let learned = conversation.messages.indices.filter { conversation.messages[$0].isTarget }
        do throws(SampleProblem) {
            return [try document(rendering, upTo: conversation.messages.count, learning: learned)]
        } catch {
            let turns = conversation.turns
            guard error.kind == .lostSpan, turns.count > 1 else { throw error }
            var documents: [EncodedConversation] = []
            for turn in turns {
                let own = learned.filter { turn.contains($0) }
                if !own.isEmpty { documents.append(try document(rendering, upTo: turn.upperBound, learning: own)) }
            }
            return documents
        }
    }

    /// The text that the served model is asked with after the first `count` messages.
    ///
    /// - Throws: What the template has against them.
    public func prompt(_ conversation: TrainingConversation, upTo count: Int) throws(SampleProblem) -> String {
        var conversation = conversation
        if !options.thinks {
            for index in conversation.messages.indices { conversation.messages[index].dropReasoning() }
        }
        let text = try ConversationRendering(self, conversation).text(upTo: count, addsGenerationPrompt: true)
        return String(decoding: text, as: UTF8.self)
    }

    private func document(
        _ rendering: ConversationRendering, upTo end: Int, learning learned: [Int]
    ) throws(SampleProblem) -> EncodedConversation {
        let line = rendering.conversation.line
        let text = try rendering.text(upTo: end, addsGenerationPrompt: false)
        var spans: [Range<Int>] = []
        for index in learned { spans.append(try rendering.span(of: index, in: text)) }
        guard let tokens = SpanTokens(text: text, spans: spans, tokenizer: tokenizer) else {
            throw SampleProblem(
                line: line, .lostSpan,
                "the tokenizer changes the text (its Unicode form, or bytes it lacks) where the assistant's begins or ends"
            )
        }
        if let limit = options.maximumTokens, tokens.tokens.count > limit {
            throw SampleProblem(line: line, .tooLong, "\(tokens.tokens.count) tokens; at most \(limit) are taken")
        }
        return EncodedConversation(
            tokens: tokens.tokens, lossMask: tokens.mask, line: line, category: rendering.conversation.category,
            straddlingTokens: tokens.straddling)
    }

    /// Text such as `<|im_end|>` in a message would open and close turns where there are none.
    private func refuseControlTokens(in conversation: TrainingConversation) throws(SampleProblem) {
        for (index, message) in conversation.messages.enumerated() {
            let arguments = message.toolCalls.map { JSONValue.object($0.arguments).text() }
            for text in [message.content, message.reasoning ?? ""] + arguments
            where text.utf8.contains(where: controlStarts.contains) {
                guard let token = controlTokens.first(where: { text.contains($0) }) else { continue }
                throw SampleProblem(
                    line: conversation.line, .controlToken,
                    "messages[\(index)] contains \(token), which controls this model; take it out")
            }
        }
    }
}

/// A checkpoint without a chat template cannot be taught conversations.
public struct ChatTemplateMissing: Error, CustomStringConvertible, Sendable {
    let directory: String
    /// What is missing and what to do.
    public var description: String {
        "\(directory) has no chat template; put a chat_template.jinja there, or name one"
    }
}

extension TrainingMessage {
    /// Whether it is the assistant's and to be learned.
    var isTarget: Bool { role == .assistant && isLearned }

    /// Takes reasoning out, beside the content and within it.
    mutating func dropReasoning() {
        guard role == .assistant else { return }
        reasoning = nil
        guard content.drop(while: \.isWhitespace).hasPrefix("<think>"), let end = content.firstRange(of: "</think>")
        else { return }
        content = String(content[end.upperBound...].drop(while: \.isWhitespace))
    }
}

extension TrainingConversation {
    /// The user turns: each from a user's message up to the next one's.
    var turns: [Range<Int>] {
        let starts = messages.indices.filter { messages[$0].role == .user }
        return zip(starts, starts.dropFirst() + [messages.count]).map { $0..<$1 }
    }
}
