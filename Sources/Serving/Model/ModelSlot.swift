import Inference
import Locking

/// Where the server finds its model: it may start, and answer `/health`, before the model is loaded.
public final class ModelSlot: Sendable {
    /// What stands in the slot.
    public enum State: Sendable {
        /// The model is being loaded; requests get 503.
        case loading
        /// Requests are served.
        case ready(any TextGenerator)
        /// The model could not be loaded; the message says why.
        case failed(String)
        /// There is none, and none will come: something else thinks. The server itself is healthy.
        case absent
    }

    private struct Content {
        var state: State
        var constraints: ConstraintCompiler?
    }

    private let content: Locked<Content>

    /// A slot whose model is still to come.
    public init() { content = Locked(Content(state: .loading)) }

    /// A slot whose model is there already.
    public convenience init(_ generator: any TextGenerator) {
        self.init()
        state = .ready(generator)
    }

    /// What stands in the slot now.
    public var state: State {
        get { content.withLock { $0.state } }
        set {
            let constraints: ConstraintCompiler? =
                if case .ready(let generator) = newValue { ConstraintCompiler(for: generator.model) } else { nil }
            content.withLock { $0 = Content(state: newValue, constraints: constraints) }
        }
    }

    /// The generator.
    ///
    /// - Throws: 503 while there is none.
    func generator() throws(APIError) -> any TextGenerator {
        switch state {
        case .ready(let generator): return generator
        case .loading: throw .unavailable("The model is still being loaded. Try again in a moment.", retryAfter: 2)
        case .failed(let message): throw .unavailable("The model could not be loaded: \(message)", retryAfter: nil)
        case .absent: throw .unavailable("This server has no model of its own; ask the one behind it.", retryAfter: nil)
        }
    }

    /// Compiles and keeps the constraints of the model in the slot.
    ///
    /// - Throws: 400 when the model has no tokenizer, 503 while there is no model.
    func constraints(for field: String) throws(APIError) -> ConstraintCompiler {
        _ = try generator()
        guard let constraints = content.withLock({ $0.constraints }) else { throw .needsTokenizer(field) }
        return constraints
    }
}

extension ConstraintCompiler {
    /// A compiler for a model's tokens, or nil if nobody knows what they spell.
    fileprivate convenience init?(for model: ServedModel) {
        guard let tokenizer = model.tokenizer else { return nil }
        self.init {
            TokenTrie(vocabularySize: model.vocabularySize, endTokens: model.endTokens) { token in
                tokenizer.isSpecial(token) ? nil : tokenizer.bytes(of: token)
            }
        }
    }
}
