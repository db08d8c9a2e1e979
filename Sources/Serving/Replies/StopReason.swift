import Inference
import JSON

extension FinishReason {
    /// `stop` or `length`.
    var name: String { self == .length ? "length" : "stop" }

    /// vLLM's `stop_reason`: the stop string or token of the request that ended the reply.
    var stopReason: JSONValue {
        switch self {
        case .endOfSequence, .length: .null
        case .stopToken(let token): .integer(Int(token))
        case .stopString(let text): .string(text)
        }
    }
}
