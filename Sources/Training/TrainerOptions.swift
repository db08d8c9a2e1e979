import Foundation

/// How a model is trained.
public struct TrainerOptions: Sendable, Equatable {
    /// What products are computed with.
    public var precision = TrainingPrecision.bfloat16
    /// The optimiser.
    public var optimizer = AdamWOptions()
    /// The learning rate over the steps.
    public var schedule = LearningRateSchedule()
    /// Quantisation-aware training; nil trains the unquantised model.
    public var fakeQuantization: FakeQuantization?
    /// Trains low-rank adapters only; nil trains every parameter.
    public var lora: LoRAOptions?
    /// Learns from a teacher's distribution too (with ``fakeQuantization``: quantisation-aware distillation).
    public var distillation: Distillation?
    /// Computes each layer again in the backward pass instead of keeping its activations: a third more time for a small
    /// part of the memory.
    public var checkpointsActivations = false
    /// Rows of logits that exist at once; nil for as many as take 192 MiB, and 256 at least: the head's weights, and the
    /// gradient of it where it is trained, are read anew for every chunk.
    public var lossRowsPerChunk: Int?
    /// What the initial adapters are drawn from.
    public var seed: UInt64 = 0

    /// Full training in bf16 products with fp32 masters.
    public init() {}

    /// Rows of that many logits that exist at once.
    func lossRows(vocabulary: Int) -> Int {
        lossRowsPerChunk ?? max(256, (192 << 20) / (max(vocabulary, 1) * 4))
    }
}

/// Learning from a teacher's distribution over the next token (https://arxiv.org/abs/1503.02531).
public struct Distillation: Sendable, Equatable {
    /// The teacher's checkpoint, unquantised, of the same vocabulary; nil is the model as it was before training.
    public var teacherDirectory: URL?
    /// What KL(teacher || student) counts; the cross entropy with the targets counts the rest up to 1.
    public var weight: Float = 1
    /// Both distributions are softened by it; the divergence is scaled by its square.
    public var temperature: Float = 1

    /// The divergence alone, at temperature 1.
    public init() {}
}

/// What a step did.
public struct StepReport: Sendable, Equatable {
    /// Steps taken so far, this one included.
    public let step: Int
    /// What was minimised: the mean over loss tokens.
    public let loss: Double
    /// The mean cross entropy, in nats.
    public let crossEntropy: Double
    /// The mean divergence from the teacher, in nats; nil without one.
    public let divergence: Double?
    /// Rows computed, and tokens that carried loss.
    public let tokens: Int, lossTokens: Int
    /// The norm of the gradient before clipping.
    public let gradientNorm: Double
    /// The learning rate of the step.
    public let learningRate: Float
    /// Wall-clock time.
    public let seconds: Double
}

/// What an evaluation found.
public struct EvaluationReport: Sendable, Equatable {
    /// The mean cross entropy over loss tokens, in nats; perplexity is its exponential.
    public let crossEntropy: Double
    /// The mean divergence from the teacher; nil without one.
    public let divergence: Double?
    /// Tokens that carried loss.
    public let lossTokens: Int
}
