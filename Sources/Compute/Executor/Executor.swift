/// What a model's forward pass is written in: a small set of coarse operations over rows of tokens.
///
/// A model is written once, generic over its executor. The inference executor runs packed (and quantised) weights
/// against sequence state; a training executor records the same calls on a tape.
///
/// Tensors are matrices `[rows, features]`. **An operation may reuse the memory of the tensors it is given**, so a
/// tensor must not be used again after it was passed to an operation that returns a changed form of it (`rotary`,
/// `headNorm`, `gatedHeadNorm`, `sigmoidGate`, `linear(_:_:addingTo:)`).
public protocol Executor {
    /// A matrix of activations.
    associatedtype Tensor

    /// The embeddings of the batch's tokens, `[batch, features]`.
    func embed(_ table: Embedding) -> Tensor

    /// `x / rms(x) * (weight + offset)` for each row.
    func rmsNorm(_ x: Tensor, _ norm: Norm) -> Tensor

    /// `x Wᵀ (+ b)`, one tensor for each part of the layer.
    func linear(_ x: Tensor, _ layer: Linear) -> [Tensor]

    /// `residual + x Wᵀ (+ b)`, for a layer of one part.
    func linear(_ x: Tensor, _ layer: Linear, addingTo residual: Tensor) -> Tensor

    /// RMS normalisation of each head of `x`, `[batch, heads * headDim]`.
    func headNorm(_ x: Tensor, _ norm: Norm, heads: Int) -> Tensor

    /// Rotary position embedding (RoFormer, https://arxiv.org/abs/2104.09864) of each head, in the rotate-half form.
    func rotary(_ x: Tensor, _ embedding: RotaryEmbedding, heads: Int) -> Tensor

    /// Causal grouped-query attention of the batch's rows to their sequences, these rows included.
    ///
    /// `q` is `[batch, heads * headDim]`, `k` and `v` are `[batch, kvHeads * headDim]`. Where
    /// ``attendsFromOutputs`` says so, `q` may be the output rows alone.
    func attention(q: Tensor, k: Tensor, v: Tensor, _ attention: AttentionShape) -> Tensor

    /// Whether ``attention(q:k:v:_:)`` takes the queries of the output rows alone: what the other rows give after the
    /// last layer's keys and values is looked at by nobody, and need not be computed.
    var attendsFromOutputs: Bool { get }

    /// `silu(gate) * up` (GLU variants, https://arxiv.org/abs/2002.05202).
    func swiglu(gate: Tensor, up: Tensor) -> Tensor

    /// Takes heads that hold two things, `[batch, heads * 2 * half]`, apart: the first and the second half of each head,
    /// `[batch, heads * half]`.
    func splitHeads(_ x: Tensor, heads: Int) -> (first: Tensor, second: Tensor)

    /// `x * sigmoid(gate)`, elementwise.
    func sigmoidGate(_ x: Tensor, gate: Tensor) -> Tensor

    /// A depthwise causal convolution over each sequence, then silu: the state holds the inputs of the last tokens.
    func causalConvolution(_ x: Tensor, _ convolution: CausalConvolution) -> Tensor

    /// The gated delta rule (https://arxiv.org/abs/2412.06464) over each sequence, `[batch, valueHeads * valueDim]`.
    ///
    /// - Parameters:
    ///   - qkv: queries and keys `[keyHeads * keyDim]` each, then values `[valueHeads * valueDim]`, in every row.
    ///   - update: how much a token writes, before the sigmoid, `[batch, valueHeads]`.
    ///   - decay: how fast a head forgets, before softplus, `[batch, valueHeads]`.
    func gatedDelta(qkv: Tensor, update: Tensor, decay: Tensor, _ delta: GatedDelta) -> Tensor

    /// RMS normalisation of each head of `x`, then `* silu(gate)`.
    func gatedHeadNorm(_ x: Tensor, gate: Tensor, _ norm: Norm, heads: Int) -> Tensor

    /// The rows whose logits are wanted.
    func outputRows(_ x: Tensor) -> Tensor
}

extension Executor {
    /// Most executors want every row of every layer.
    public var attendsFromOutputs: Bool { false }
}

/// An executor that can also set two inputs beside each other, which heads that guess further tokens need.
public protocol DraftingExecutor: Executor {
    /// The columns of `first`, then those of `second`, in every row.
    func concatenated(_ first: Tensor, _ second: Tensor) -> Tensor
}

/// The shape of one attention layer.
public struct AttentionShape: Sendable, Equatable {
    /// Which attention layer of the model this is, counting attention layers only.
    public var layer: Int
    /// Query heads, key/value heads (a divisor of the former), and features per head.
    public var heads: Int, kvHeads: Int, headDim: Int
    /// Multiplies the scores; `1 / sqrt(headDim)` unless the family says otherwise.
    public var scale: Float

    /// The usual scale.
    public init(layer: Int, heads: Int, kvHeads: Int, headDim: Int) {
        self.layer = layer
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        scale = 1 / Float(headDim).squareRoot()
    }
}

/// Which features are rotated, and how fast.
public struct RotaryEmbedding: Sendable, Equatable {
    /// Features per head.
    public var headDim: Int
    /// Features of each head that are rotated, from the first; even.
    public var rotaryDim: Int
    /// Radians per position of each pair, `rotaryDim / 2` of them.
    public var inverseFrequencies: [Float]
    /// Multiplies cosines and sines (YaRN's attention factor); 1 otherwise.
    public var scale: Float = 1

    /// Rotates the first `2 * inverseFrequencies.count` features of each head.
    public init(headDim: Int, inverseFrequencies: [Float]) {
        self.headDim = headDim
        rotaryDim = 2 * inverseFrequencies.count
        self.inverseFrequencies = inverseFrequencies
    }
}
