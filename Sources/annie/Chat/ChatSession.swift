import Foundation
import Inference
import JSON
import Tokenization

/// A conversation between a person at a terminal and a model.
struct ChatSession {
    private let generator: any TextGenerator
    private let tokenizer: Tokenizer
    private let template: ChatTemplate
    private let sampling: SamplingParameters
    private let maximumTokens: Int
    private let style = Style()
    private let isInteractive = isatty(STDIN_FILENO) == 1
    private let interrupts: Interrupts?
    private var conversation: Conversation
    private var totals = ChatTotals()

    /// - Throws: ``ChatSessionError`` for a checkpoint that cannot hold a conversation.
    init(generator: any TextGenerator, system: String, sampling: SamplingParameters, maximumTokens: Int) throws {
        guard let tokenizer = generator.model.tokenizer else { throw ChatSessionError.noTokenizer }
        guard let template = generator.model.chatTemplate else { throw ChatSessionError.noTemplate }
        self.generator = generator
        self.tokenizer = tokenizer
        self.template = template
        self.sampling = sampling
        self.maximumTokens = maximumTokens
        conversation = Conversation(system: system)
        // In a pipe Ctrl-C ends the program, as anyone expects.
        interrupts = isInteractive ? Interrupts() : nil
    }

    /// Goes on until `/exit` or the end of the input.
    mutating func run() async {
        let pasteMode = PasteMode()
        defer { withExtendedLifetime(pasteMode) {} }
        var reader = LineReader()
        while true {
            prompt()
            guard let text = reader.next() else { break }
            switch ChatInput(text) {
            case .exit: return
            case .say(let text): await say(text)
            case let command: obey(command)
            }
        }
        if isInteractive { show("\n") }
    }

    private func prompt() {
        guard isInteractive else { return }
        interrupts?.set { show("\n(/exit or Ctrl-D leaves)\n> ") }
        show(style.bold("> "))
    }

    private mutating func obey(_ command: ChatInput) {
        switch command {
        case .reset:
            conversation.reset()
            note("The conversation starts over.")
        case .system(let text):
            conversation.system = text
            note(text.isEmpty ? "No system prompt. The conversation starts over." : "The conversation starts over.")
        case .save(let path): save(to: path)
        case .statistics: note(totals.text)
        case .help: note(ChatInput.helpText)
        case .mistake(let message): note(message)
        case .nothing, .exit, .say: break
        }
    }

    private func save(to path: String) {
        do {
            try conversation.save(to: path)
            note("Added to \(path).")
        } catch {
            note("Not saved: \(error.localizedDescription)")
        }
    }

    private mutating func say(_ text: String) async {
        conversation.append(role: "user", content: text)
        do {
            let reply = try await reply()
            if reply.text.isEmpty, reply.summary == nil {
                conversation.removeLast()
            } else {
                conversation.append(role: "assistant", content: reply.text)
            }
            totals.add(reply)
            if isInteractive { show(style.dim(reply.statistics) + "\n\n") }
        } catch {
            conversation.removeLast()
            note("\(error)")
        }
    }

    /// One reply, streamed to the terminal; Ctrl-C ends it where it is.
    private func reply() async throws -> ChatReply {
        let prompt = tokenizer.encode(try template.render(messages: conversation.allMessages))
        let request = GenerationRequest(
            id: UUID().uuidString, prompt: prompt, sampling: sampling,
            stop: StopConditions(maximumTokens: maximumTokens))
        let generator = generator
        let task = Task {
            var reply = ChatReply()
            for try await event in try generator.generate(request) { show(reply.take(event)) }
            return reply
        }
        interrupts?.set { task.cancel() }
        let result = await task.result
        show("\n")
        return try result.get()
    }
}

/// Why a checkpoint cannot hold a conversation.
enum ChatSessionError: Error, CustomStringConvertible {
    case noTokenizer
    case noTemplate

    var description: String {
        switch self {
        case .noTokenizer:
            "The checkpoint has no tokenizer.json; without one only `annie serve` can run it, on token ids."
        case .noTemplate:
            "The checkpoint has no chat template. Give one with --chat-template FILE."
        }
    }
}
