import Inference
import JSON

/// Which parser and which constraint a chat request needs.
struct ReplyFormats {
    private let options: ChatOptions
    private let chat: ChatCompletionRequest
    private let prompt: RenderedPrompt

    init(_ options: ChatOptions, _ chat: ChatCompletionRequest, prompt: RenderedPrompt) {
        self.options = options
        self.chat = chat
        self.prompt = prompt
    }

    func reader() throws(APIError) -> any ReplyReader { PlainReplyReader() }

    func constraint(for model: ServedModel) throws(APIError) -> (any TokenConstraint)? { nil }
}
