import CKernels
import Compute

/// Sums over the rows that carry loss, each times its weight.
struct LossSums {
    /// -log p of the targets.
    var crossEntropy = 0.0
    /// KL divergence from the teacher.
    var divergence = 0.0
    var weight = 0.0

    mutating func add(_ other: LossSums) {
        crossEntropy += other.crossEntropy
        divergence += other.divergence
        weight += other.weight
    }
}

/// The teacher's side of a distillation: its last hidden states, and the head that makes logits of them.
struct TeacherRows {
    let input: ActivationBuffer
    let weights: WorkingWeights
    let layer: Linear
}

/// How the loss is put together.
struct LossRequest {
    /// What cross entropy and divergence count in the gradient, divided by the weight of the whole (accumulated) batch.
    var crossEntropyFactor: Float = 1
    var divergenceFactor: Float = 0
    var temperature: Float = 1
    var teacher: TeacherRows?
    var wantsGradients = true
    let rowsPerChunk: Int
}

extension TapeExecutor {
    /// The loss of the output rows, computed with the head chunk by chunk: logits of all rows never exist at once. Where
    /// gradients are wanted, the head's and those of its input are there afterwards.
    func loss(_ logits: TapeTensor, _ request: LossRequest) -> LossSums {
        guard let head = logits.head else { preconditionFailure("the loss takes a model's logits") }
        var sums = LossSums()
        let chunk = min(request.rowsPerChunk, max(head.rows, 1))
        let vocabulary = weights.linears[head.layer.index].rows
        let scores = pool.matrix(rows: chunk, columns: vocabulary)
        let teacherScores = request.teacher.map { _ in pool.matrix(rows: chunk, columns: vocabulary) }
        for first in stride(from: 0, to: head.rows, by: chunk) {
            let rows = first..<min(first + chunk, head.rows)
            multiplyHead(head.input, head.layer, weights, rows, into: scores)
            if let teacher = request.teacher, let teacherScores {
                multiplyHead(teacher.input, teacher.layer, teacher.weights, rows, into: teacherScores)
            }
            sums.add(loss(scores, teacherScores, rows, request))
            if request.wantsGradients { addHeadGradients(head, scores, rows) }
        }
        return sums
    }

    /// The logits of every output row, for generation.
    func allLogits(_ logits: TapeTensor) -> [Float] {
        guard let head = logits.head else { preconditionFailure("a model returns its logits") }
        let scores = pool.matrix(rows: head.rows, columns: weights.linears[head.layer.index].rows)
        multiplyHead(head.input, head.layer, weights, 0..<head.rows, into: scores)
        return scores.values
    }

    private func multiplyHead(
        _ input: ActivationBuffer, _ layer: Linear, _ weights: WorkingWeights, _ rows: Range<Int>, into scores: Matrix
    ) {
        let linear = weights.linears[layer.index]
        let precision = weights.precision.kernel
        let units = annie_train_units(precision, linear.columns)
        annie_train_multiply(
            workers.handle, precision, input.pointer + rows.lowerBound * units * 4, rows.count, linear.forward,
            linear.columns, linear.rows, linear.scale * linear.inputScale, false, scores.pointer, scores.stride)
        if let bias = linear.bias {
            annie_train_add_bias(workers.handle, scores.pointer, scores.stride, bias, rows.count, linear.rows)
        }
    }

    /// Scores become gradients.
    private func loss(
        _ scores: Matrix, _ teacherScores: Matrix?, _ rows: Range<Int>, _ request: LossRequest
    ) -> LossSums {
        let counts = Array(layout.weights[rows])
        let targets = Array(layout.targets[rows])
        var crossEntropies = [Float](repeating: 0, count: rows.count)
        var divergences = [Float](repeating: 0, count: rows.count)
        let crossEntropyWeights = counts.map { $0 * request.crossEntropyFactor }
        let divergenceWeights = counts.map { $0 * request.divergenceFactor }
        crossEntropies.withUnsafeMutableBufferPointer { ce in
            divergences.withUnsafeMutableBufferPointer { kl in
                targets.withUnsafeBufferPointer { targets in
                    crossEntropyWeights.withUnsafeBufferPointer { ceWeights in
                        divergenceWeights.withUnsafeBufferPointer { klWeights in
                            var call = annie_train_loss(
                                logits: scores.pointer, teacher: teacherScores.map { UnsafePointer($0.pointer) },
                                rows: rows.count, columns: scores.columns, targets: targets.baseAddress,
                                ce_weights: ceWeights.baseAddress, kl_weights: klWeights.baseAddress,
                                temperature: request.temperature, gradients: request.wantsGradients,
                                ce: ce.baseAddress, kl: kl.baseAddress)
                            annie_train_loss_run(workers.handle, &call)
                        }
                    }
                }
            }
        }
        var sums = LossSums()
        for (index, count) in counts.enumerated() {
            sums.crossEntropy += Double(crossEntropies[index]) * Double(count)
            sums.divergence += Double(divergences[index]) * Double(count)
            sums.weight += Double(count)
        }
        return sums
    }

    private func addHeadGradients(_ head: DeferredHead, _ scores: Matrix, _ rows: Range<Int>) {
        let linear = weights.linears[head.layer.index]
        let precision = weights.precision.kernel
        let dy = Matrix(
            buffer: scores.buffer, offset: scores.offset, rows: rows.count, columns: linear.rows, stride: scores.stride)
        let gradient = weights.gradients?.linear(head.layer) ?? .none
        let packed = packedGradient(.matrix(dy), linear, transposed: gradient.isDense)
        if let backward = linear.backward, let left = packed.left {
            // The chunks write rows of their own of one gradient.
            let (dx, _) = head.inputGradient.target()
            annie_train_multiply(
                workers.handle, precision, left.pointer, dy.rows, backward, linear.rows, linear.columns, linear.scale,
                false, dx.pointer + rows.lowerBound * dx.stride, dx.stride)
        }
        if case .dense(let target, let accumulates) = gradient, let transposed = packed.transposed {
            addWeightGradient(
                head.input, firstRow: rows.lowerBound, transposed, rows: dy.rows, linear, into: target,
                accumulates: accumulates)
        }
        if linear.bias != nil, let target = weights.gradients?.bias(head.layer) {
            annie_train_bias_backward(workers.handle, target, dy.pointer, dy.stride, dy.rows, linear.rows)
        }
    }
}
