import Foundation
import NVFP4
import Training

/// How a model is taught: what from, on what, and with which arithmetic. A person's YAML file, `annie train RECIPE`.
public struct Recipe: Sendable, Equatable {
    /// What is changed.
    public enum Method: String, Sendable, CaseIterable {
        /// Every weight.
        case full
        /// Low-rank additions to the linears, which PEFT reads too.
        case lora
    }

    /// What the forward pass rounds to NVFP4 while it is taught.
    public enum Rounding: String, Sendable, CaseIterable {
        /// Nothing: plain fine-tuning in bf16.
        case none
        /// Weights only.
        case weightOnly = "weight-only"
        /// Weights and the inputs of linears.
        case w4a4
    }

    /// Which tokens are learned.
    public enum Loss: String, Sendable, CaseIterable {
        /// What the assistant says, and the end of its turn.
        case assistant
        /// Every token of the conversation. For experiments only: most of what is learned is then the prompt, which is
        /// the same everywhere.
        case allTokens = "all-tokens"
    }

    /// How the learning rate goes on after its warm-up.
    public enum Schedule: String, Sendable, CaseIterable {
        /// Half a cosine, down to nothing.
        case cosine
        /// A straight line, down to nothing.
        case linear
        /// As it is.
        case constant
    }

    /// Sizes of low-rank additions.
    public struct LowRank: Sendable, Equatable {
        /// Rows of A, columns of B.
        public var rank = 16
        /// B·A is multiplied by this over the rank.
        public var alpha = 32.0
        /// The last parts of the names of the linears that get them, such as `q_proj`; nil takes all of attention and
        /// feed-forward.
        public var targets: [String]?
        /// The first layer that gets them. Those below stay as they are, and training goes back only so far.
        public var firstLayer = 0
    }

    /// What the model learns from another's probabilities (quantisation-aware distillation).
    public struct Distillation: Sendable, Equatable {
        /// The teacher: a directory or a name from `annie models`; nil: the base as it was.
        public var teacher: String?
        /// The share of the loss that is divergence from the teacher; the rest is the text's cross entropy.
        public var weight = 1.0
    }

    /// Whose probabilities are learned, if anyone's.
    public var teacher: String? { distillation.map { $0.teacher ?? base } }

    // What and where.

    /// The model that is taught: a directory or a name from `annie models`.
    public var base: String
    /// JSONL files of conversations.
    public var data: [String]
    /// The directory to make.
    public var output: String
    /// The persona whose prompt the data was written with; its fingerprint goes with the checkpoint.
    public var persona: String?
    /// A template to render with and to give to the checkpoint, in place of the base's own.
    public var chatTemplate: String?

    /// Added tokens of the base that are written in ordinary ones instead, such as `<tool_call>`, because the base never
    /// learned them.
    public var spelledOut: [String] = []

    // How.

    /// What is changed.
    public var method = Method.full
    /// Sizes of low-rank additions, for ``Method/lora``.
    public var lowRank = LowRank()
    /// What is rounded while it is taught.
    public var rounding = Rounding.none
    /// How block scales are chosen, in training and in the exported file alike.
    public var scales = NVFP4Method.fourOverSix
    /// What gradients make of rounding; learned scales go with ``Method/full`` and the scales `max`, from which they begin.
    public var straightThrough = FakeQuantization.StraightThrough.identity
    /// The learning rate of learned scales, as a multiple of ``learningRate``.
    public var scaleRate = 1.0
    /// Further layers that are never rounded, beside the head and the embeddings; see `ModulePattern`.
    public var exclusions: [String] = []
    /// Which tokens are learned.
    public var loss = Loss.assistant
    /// Another model's probabilities as the aim.
    public var distillation: Distillation?

    // How much.

    /// Times that each conversation is seen.
    public var epochs = 3
    /// AdamW's largest step.
    public var learningRate = 1e-4
    /// The learning rate's course.
    public var schedule = Schedule.cosine
    /// The share of all steps in which the learning rate rises.
    public var warmUp = 0.05
    /// AdamW's decoupled decay.
    public var weightDecay = 0.0
    /// The gradient's largest norm.
    public var clip = 1.0
    /// Tokens in a step, shared beginnings counted once.
    public var batchTokens = 4096
    /// Longer conversations are left out, and reported.
    public var maximumTokens = 2048
    /// Conversations that are taught, drawn evenly from all; nil takes all.
    public var conversations: Int?
    /// The share of conversations that is never taught, only measured.
    public var heldOut = 0.05
    /// Steps between two measurements of the held-out loss.
    public var evaluateEvery = 20
    /// Measurements without a lower held-out loss after which it stops; what is made then is the model with the lowest.
    /// Nil goes on to the end, and makes what is there then.
    public var patience: Int?
    /// Steps between two checkpoints to resume from.
    public var saveEvery = 50
    /// Recomputes activations in the backward pass: slower, less memory.
    public var recomputes = false
    /// The same seed gives the same run.
    public var seed: UInt64 = 1

    /// A recipe of these parts, the rest as usual.
    public init(base: String, data: [String], output: String) {
        self.base = base
        self.data = data
        self.output = output
    }
}
