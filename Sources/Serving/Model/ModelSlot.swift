import Inference
import Synchronization

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
    }

    private let current: Mutex<State>

    /// A slot whose model is still to come.
    public init() { current = Mutex(.loading) }

    /// A slot whose model is there already.
    public init(_ generator: any TextGenerator) { current = Mutex(.ready(generator)) }

    /// What stands in the slot now.
    public var state: State {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// The generator.
    ///
    /// - Throws: 503 while there is none.
    func generator() throws(APIError) -> any TextGenerator {
        switch state {
        case .ready(let generator): return generator
        case .loading: throw .unavailable("The model is still being loaded. Try again in a moment.", retryAfter: 2)
        case .failed(let message): throw .unavailable("The model could not be loaded: \(message)", retryAfter: nil)
        }
    }
}
