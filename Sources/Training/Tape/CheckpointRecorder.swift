/// Gradient checkpointing (https://arxiv.org/abs/1604.06174): of the forward pass only the residual stream is kept; what
/// lies between two of its values is computed again when the backward pass gets there.
final class CheckpointRecorder {
    typealias Operation = (TapeExecutor, [TapeTensor]) -> [TapeTensor]

    /// An operation with numbers for its tensors, so that it does not keep them in memory.
    fileprivate struct Instruction {
        let inputs: [Int]
        let outputs: [Int]
        let operation: Operation
    }

    private var instructions: [Instruction] = []
    private var numbers: [ObjectIdentifier: Int] = [:]
    private var count = 0
    /// What was kept and can be read by later segments.
    private var kept: [Int: TapeTensor] = [:]
    /// Tensors of the open segment, so that no address is used twice while it stands for a number.
    private var open: [TapeTensor] = []

    func add(inputs: [TapeTensor], outputs: [TapeTensor], _ operation: @escaping Operation) {
        let inputNumbers = inputs.map { tensor -> Int in
            guard let number = numbers[ObjectIdentifier(tensor)] else {
                preconditionFailure("gradient checkpointing: an operation reads a tensor of a finished segment")
            }
            return number
        }
        let outputNumbers = outputs.map { tensor -> Int in
            count += 1
            numbers[ObjectIdentifier(tensor)] = count
            return count
        }
        open += outputs
        instructions.append(Instruction(inputs: inputNumbers, outputs: outputNumbers, operation: operation))
    }

    /// Ends a segment: its output is kept, all else of it is freed.
    func close(_ output: TapeTensor) -> Segment {
        let number = numbers[ObjectIdentifier(output)] ?? 0
        let segment = Segment(instructions: instructions, inputs: kept, outputNumber: number, output: output)
        // A later segment may add to this output only; earlier ones were consumed.
        kept = [number: output]
        numbers = [ObjectIdentifier(output): number]
        instructions = []
        open = []
        return segment
    }

    /// What came after the last segment.
    func tail() -> Segment? {
        guard !instructions.isEmpty else { return nil }
        return Segment(instructions: instructions, inputs: kept, outputNumber: 0, output: nil)
    }

    /// Operations that can be run again from the tensors they read.
    struct Segment {
        fileprivate let instructions: [Instruction]
        fileprivate let inputs: [Int: TapeTensor]
        fileprivate let outputNumber: Int
        fileprivate let output: TapeTensor?

        fileprivate init(
            instructions: [Instruction], inputs: [Int: TapeTensor], outputNumber: Int, output: TapeTensor?
        ) {
            self.instructions = instructions
            self.inputs = inputs
            self.outputNumber = outputNumber
            self.output = output
        }

        /// Runs the operations again; returns the last one's outputs.
        func replay(on executor: TapeExecutor) -> [TapeTensor] {
            // Kept tensors give their values and their gradients.
            var tensors = inputs
            var last: [TapeTensor] = []
            for (index, instruction) in instructions.enumerated() {
                executor.skipsProduct = output != nil && index == instructions.count - 1
                last = instruction.operation(executor, instruction.inputs.compactMap { tensors[$0] })
                executor.skipsProduct = false
                for (number, tensor) in zip(instruction.outputs, last) { tensors[number] = tensor }
            }
            return last
        }

        /// Computes the segment again and goes back over it.
        func backward(on executor: TapeExecutor) {
            guard let gradient = output?.gradient.cell.take() else { return }
            executor.recordingAlone {
                let outputs = replay(on: executor)
                outputs.first?.gradient.cell.adopt(gradient)
            }
        }
    }
}
