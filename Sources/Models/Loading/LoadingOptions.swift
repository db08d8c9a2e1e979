import Compute
import Foundation

/// In what form weights and state are computed.
public struct LoadingOptions: Sendable {
    /// The precision of what is not quantised: vLLM's `--dtype`.
    public enum DataType: String, Sendable, CaseIterable {
        /// bf16, and int8 products for NVFP4 weights.
        case auto
        /// fp32 throughout: the oracle. NVFP4 weights are multiplied as exactly what they stand for.
        case float32
        /// bf16 throughout, NVFP4 weights included.
        case bfloat16
    }

    /// How the head's weights are kept.
    public enum HeadFormat: String, Sendable, CaseIterable {
        /// int8 in a quantised model, else as the checkpoint has it.
        case auto
        case bfloat16
        case int8
    }

    /// The precision of what is not quantised.
    public var dataType = DataType.auto
    /// What inputs of quantised layers are rounded to; nil follows ``dataType``.
    public var activations: ActivationFormat?
    /// How the head's weights are kept.
    public var headFormat = HeadFormat.auto
    /// How keys and values are stored: vLLM's `--kv-cache-dtype`. Nil follows the arithmetic: fp32 for a ``dataType`` of
    /// `float32`, int8 where the inputs of quantised layers are int8 too, else bf16.
    public var stateFormat: StateLayout.AttentionFormat?
    /// Whether a head that guesses further tokens is read too, where the checkpoint has one.
    public var readsDraftHead = false
    /// Where the packed weights of large models are kept, to be mapped at the next start instead of packed again; nil
    /// keeps none.
    public var packedDirectory: URL?
    /// Weights that pack into fewer bytes than this are packed at every start, which is as fast.
    public var smallestKept = 256 << 20

    /// The defaults.
    public init() {}

    var activationFormat: ActivationFormat {
        switch dataType {
        case .float32: .float32
        case .bfloat16: activations ?? .bfloat16
        case .auto: activations ?? .int8
        }
    }

    func stateFormat(isQuantized: Bool) -> StateLayout.AttentionFormat {
        if let stateFormat { return stateFormat }
        if dataType == .float32 { return .float32 }
        return isQuantized && activationFormat == .int8 ? .int8 : .bfloat16
    }
}
