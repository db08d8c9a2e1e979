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

extension TrainerOptions {
    /// Refuses what contradicts itself.
    func check() throws(TrainingError) {
        if lora != nil, fakeQuantization?.gradient == .clipped {
            throw .badOptions(
                "the clipped straight-through estimator needs the gradients of whole matrices, which LoRA does not "
                    + "compute; use the identity")
        }
        if let distillation, !(0...1).contains(distillation.weight) || !(distillation.temperature > 0) {
            throw .badOptions(
                "a distillation weight of \(distillation.weight) and temperature of \(distillation.temperature): "
                    + "expected a weight of 0 to 1 and a temperature above 0")
        }
        if lossRowsPerChunk < 1 { throw .badOptions("the loss needs at least one row a chunk") }
    }
}
