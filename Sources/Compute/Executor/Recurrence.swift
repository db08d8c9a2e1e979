import CKernels

/// A depthwise causal convolution: each channel of a token is a sum over its own last inputs.
public struct CausalConvolution: Sendable, Equatable {
    /// Weights `[channels, 1, kernel]`, the last tap being the token itself.
    public let weight: ParameterArray
    /// Channels.
    public let channels: Int
    /// Taps, at most ``largestKernel``.
    public let kernel: Int
    /// Where its state stands.
    public let state: RecurrentSlice
    /// The most taps that are implemented.
    public static let largestKernel = Int(ANNIE_CONVOLUTION_TAPS)

    /// fp32 values of state: the inputs of the last `kernel - 1` tokens, oldest first.
    public static func stateCount(channels: Int, kernel: Int) -> Int { (kernel - 1) * channels }

    /// A convolution whose weights are `[channels, 1, kernel]`.
    public init(weight: ParameterArray, channels: Int, kernel: Int, state: RecurrentSlice) {
        self.weight = weight
        self.channels = channels
        self.kernel = kernel
        self.state = state
    }
}

/// The heads of a gated DeltaNet layer, and the two vectors it learns beside its linear layers.
public struct GatedDelta: Sendable, Equatable {
    /// Logarithm of each value head's rate of decay.
    public let logRate: ParameterArray
    /// Added to each value head's decay input.
    public let stepBias: ParameterArray
    /// Heads of queries and keys; heads of values, a multiple of the former.
    public let keyHeads: Int, valueHeads: Int
    /// Features per head.
    public let keyDim: Int, valueDim: Int
    /// Where its state stands.
    public let state: RecurrentSlice

    /// fp32 values of state: a matrix `[keyDim, valueDim]` for each value head, in blocks of 16 columns.
    public static func stateCount(valueHeads: Int, keyDim: Int, valueDim: Int) -> Int {
        var shape = annie_delta_shape(key_heads: 1, value_heads: valueHeads, key_dim: keyDim, value_dim: valueDim)
        return annie_delta_state_floats(&shape)
    }

    /// A layer with these heads.
    public init(
        logRate: ParameterArray, stepBias: ParameterArray, keyHeads: Int, valueHeads: Int, keyDim: Int, valueDim: Int,
        state: RecurrentSlice
    ) {
        self.logRate = logRate
        self.stepBias = stepBias
        self.keyHeads = keyHeads
        self.valueHeads = valueHeads
        self.keyDim = keyDim
        self.valueDim = valueDim
        self.state = state
    }

    package var kernelShape: annie_delta_shape {
        annie_delta_shape(key_heads: keyHeads, value_heads: valueHeads, key_dim: keyDim, value_dim: valueDim)
    }
}

/// A part of a recurrent layer's state.
public struct RecurrentSlice: Sendable, Equatable {
    /// Which recurrent layer of the model, counting recurrent layers only.
    public let layer: Int
    /// Where it begins in the layer's state, in fp32 values.
    public let offset: Int

    /// State of a layer from an offset on.
    public init(layer: Int, offset: Int) {
        self.layer = layer
        self.offset = offset
    }
}
