import CKernels
import Compute

/// What the optimiser updates: values, their gradients and the two moments, each one block.
final class TrainableBlock {
    let values: UnsafeMutablePointer<Float>
    let count: Int
    /// Tensors of the block, for names and for the choice of what decays.
    let parameters: [ParameterStore.Parameter]
    private let gradientMemory: MappedMemory
    private let firstMemory: MappedMemory
    private let secondMemory: MappedMemory
    private let owner: MappedMemory
    /// Where this step's gradients have been written; elsewhere they are those of the last one.
    private var touched: Set<Int> = []

    var gradients: UnsafeMutablePointer<Float> { gradientMemory.floats }
    var first: UnsafeMutablePointer<Float> { firstMemory.floats }
    var second: UnsafeMutablePointer<Float> { secondMemory.floats }

    init(memory: MappedMemory, parameters: [ParameterStore.Parameter]) {
        owner = memory
        values = memory.floats
        count = parameters.map(\.range.upperBound).max() ?? 0
        self.parameters = parameters
        gradientMemory = MappedMemory(byteCount: count * 4)
        firstMemory = MappedMemory(byteCount: count * 4)
        secondMemory = MappedMemory(byteCount: count * 4)
    }

    /// Forgets the gradients.
    func beginStep() { touched = [] }

    /// Zeroes what no backward reached in this step: its gradient is zero, not the last step's.
    func finishGradients(_ starts: [(offset: Int, count: Int)]) {
        for start in starts where !touched.contains(start.offset) { _ = zeroed(start.offset, count: start.count) }
    }

    /// Where a product writes its gradient, and whether it adds.
    func target(_ offset: Int) -> (pointer: UnsafeMutablePointer<Float>, accumulates: Bool) {
        (gradients + offset, !touched.insert(offset).inserted)
    }

    /// Where a gradient is added to, zeroed at its first use in a step.
    func zeroed(_ offset: Int, count: Int) -> UnsafeMutablePointer<Float> {
        if touched.insert(offset).inserted { (gradients + offset).update(repeating: 0, count: count) }
        return gradients + offset
    }
}
