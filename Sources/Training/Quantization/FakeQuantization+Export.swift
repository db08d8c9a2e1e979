import Checkpoints
import NVFP4

extension FakeQuantization {
    /// The exporter's options: the same layers, the same rule.
    var exportOptions: QuantizationOptions {
        var options = QuantizationOptions()
        options.method = method
        options.exclusions = exclusions
        return options
    }
}

extension NVFP4Method {
    /// The largest magnitude that can be represented, in units of the tensor's scale.
    var largestBlock: Float { NVFP4Format.largestMagnitude * NVFP4Format.largestScale }
}

extension FakeQuantization {
    fileprivate func check(isLowRank: Bool) throws(TrainingError) {
        if isLowRank, gradient != .identity {
            throw .badOptions(
                "the straight-through estimator \(gradient.rawValue) needs the gradients of whole matrices, which LoRA "
                    + "does not compute; use identity, or full training")
        }
        if gradient == .learnedScale, method != .max {
            throw .badOptions(
                "the straight-through estimator learned-scale trains the scales of blocks, beginning with those of the "
                    + "method max, and \(method.rawValue) searches for its own; use the method max "
                    + "(in a recipe, `scales: max`) or another estimator")
        }
        if !(scaleRate >= 0 && scaleRate.isFinite) {
            throw .badOptions("a learning rate of scales of \(scaleRate) times the weights': expected 0 or more")
        }
    }
}

extension TrainerOptions {
    /// Refuses what contradicts itself.
    func check() throws(TrainingError) {
        try fakeQuantization?.check(isLowRank: lora != nil)
        if let distillation, !(0...1).contains(distillation.weight) || !(distillation.temperature > 0) {
            throw .badOptions(
                "a distillation weight of \(distillation.weight) and temperature of \(distillation.temperature): "
                    + "expected a weight of 0 to 1 and a temperature above 0")
        }
        if let lossRowsPerChunk, lossRowsPerChunk < 1 { throw .badOptions("the loss needs at least one row a chunk") }
    }
}
