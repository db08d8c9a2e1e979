import CKernels
import Compute
import Foundation

/// Adam with decoupled weight decay (https://arxiv.org/abs/1711.05101), as `torch.optim.AdamW` computes it.
public struct AdamWOptions: Sendable, Equatable {
    /// Decay of the running mean of gradients, and of their squares.
    public var beta1: Float = 0.9, beta2: Float = 0.999
    /// Added to the denominator.
    public var epsilon: Float = 1e-8
    /// Each step takes away this part, times the learning rate, of every weight.
    public var weightDecay: Float = 0.01
    /// Whether norms and biases decay too; usually they do not.
    public var decaysVectors = false
    /// Gradients are scaled down to this norm over all parameters; nil leaves them.
    public var clipNorm: Float? = 1

    /// torch's defaults, with gradients clipped to a norm of 1.
    public init() {}
}

/// How the learning rate goes over the steps.
public struct LearningRateSchedule: Sendable, Equatable {
    /// What follows the warm-up.
    public enum Shape: String, Sendable, CaseIterable {
        case constant, linear, cosine
    }

    /// What follows the warm-up.
    public var shape = Shape.cosine
    /// The largest rate.
    public var peak: Float = 1e-5
    /// Steps over which the rate rises from 0.
    public var warmupSteps = 0
    /// Steps after which the rate has come down to ``floor``.
    public var totalSteps = 1000
    /// What is left of the peak at the end, 0 ... 1.
    public var floor: Float = 0

    /// A cosine down from 1e-5 over 1000 steps.
    public init() {}

    /// The rate of a step, counted from 0.
    public func rate(step: Int) -> Float {
        if step < warmupSteps { return peak * Float(step + 1) / Float(warmupSteps) }
        guard shape != .constant else { return peak }
        let span = max(totalSteps - warmupSteps, 1)
        let progress = min(Float(step - warmupSteps) / Float(span), 1)
        let remaining = shape == .linear ? 1 - progress : 0.5 * (1 + cos(Float.pi * progress))
        return peak * (floor + (1 - floor) * remaining)
    }
}

extension TrainableBlock {
    /// One step, counted from 1. Gradients are multiplied with `gradientScale` first.
    func update(
        _ options: AdamWOptions, learningRate: Float, gradientScale: Float, step: Int, workers: WorkerPool
    ) {
        var call = annie_train_adamw(
            learning_rate: learningRate, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon,
            weight_decay: options.weightDecay,
            bias_correction1: Float(1 - pow(Double(options.beta1), Double(step))),
            bias_correction2: Float(1 - pow(Double(options.beta2), Double(step))), gradient_scale: gradientScale)
        for (range, decays) in decayRanges(vectors: options.decaysVectors) {
            call.weight_decay = decays ? options.weightDecay : 0
            annie_train_adamw_run(
                workers.handle, &call, values + range.lowerBound, gradients + range.lowerBound,
                first + range.lowerBound, second + range.lowerBound, range.count)
        }
    }

    /// Neighbours that are treated alike, in one range.
    private func decayRanges(vectors: Bool) -> [(Range<Int>, Bool)] {
        var ranges: [(Range<Int>, Bool)] = []
        for parameter in parameters {
            let decays = vectors || !parameter.isVector
            if let last = ranges.last, last.1 == decays {
                ranges[ranges.count - 1].0 = last.0.lowerBound..<parameter.range.upperBound
            } else {
                ranges.append((parameter.range, decays))
            }
        }
        return ranges
    }
}
