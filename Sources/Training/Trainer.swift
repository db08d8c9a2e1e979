import CKernels
import Checkpoints
import Compute
import Foundation
import JSON
import Models

/// Trains a language model: full or low-rank, plain or quantisation-aware, with or without a teacher.
///
/// ```swift
/// let trainer = try Trainer(modelDirectory: base, options: options, workers: WorkerPool(threads: 2))
/// for batch in batches { print(try trainer.step([batch]).loss) }
/// try trainer.export(to: destination)
/// ```
///
/// Used by one thread at a time.
public final class Trainer {
    /// Where the base model came from.
    public let modelDirectory: URL
    /// How it is trained.
    public let options: TrainerOptions
    /// Its `config.json`.
    public let configuration: ModelConfiguration
    /// Tokens of the model's vocabulary.
    public var vocabularySize: Int { definition.vocabularySize }
    /// Steps taken so far.
    public internal(set) var stepsTaken = 0
    /// Whatever the caller needs to go on with its data; saved with checkpoints and restored from them.
    public var bookmark: JSONValue = nil

    let definition: any LanguageModel
    let checkpoint: Checkpoint
    let workers: WorkerPool
    let pool = ActivationPool()
    let store: ParameterStore
    /// The weights, or the adapters.
    let block: TrainableBlock
    let adapters: LowRankAdapters?
    let quantization: QuantizationState?
    let weights: WorkingWeights
    private let fullGradients: FullGradients?
    private let teacher: Teacher?

    /// Everything that is trained.
    var blocks: [TrainableBlock] { [block] + [quantization?.learnedScales?.block].compactMap(\.self) }

    /// Reads a checkpoint for training.
    ///
    /// - Parameter tokensPerBatch: tokens of the largest batch, where they are known: what they need in memory is required
    ///   too.
    /// - Throws: ``TrainingError``, `CheckpointError`, `ModelLoadingError`.
    public init(
        modelDirectory: URL, options: TrainerOptions, tokensPerBatch: Int = 0, workers: WorkerPool
    ) throws {
        self.modelDirectory = modelDirectory
        self.options = options
        self.workers = workers
        let configuration = try ModelConfiguration(directory: modelDirectory)
        if try QuantizationConfiguration.load(from: modelDirectory) != nil { throw Self.quantizedBase(options) }
        let checkpoint = try Checkpoint(directory: modelDirectory)
        self.checkpoint = checkpoint
        let definition = try ModelRegistry.model(for: configuration, names: TensorLayout(checkpoint))
        (self.configuration, self.definition) = (configuration, definition)
        try options.check()
        try MemoryEstimate(table: definition.parameters, options: options, tokensPerBatch: tokensPerBatch)
            .requireAvailable()
        store = try ParameterStore(
            definition.parameters, checkpoint: checkpoint, keepsMatrices: options.lora == nil, workers: workers)
        quantization = try options.fakeQuantization.map { fake in
            try QuantizationState(
                fake, definition.parameters,
                plan: try QuantizationPlan(
                    checkpoint, tiesEmbeddings: configuration.tiesEmbeddings, options: fake.exportOptions))
        }
        let sink: any GradientSink
        if let lora = options.lora {
            let adapters = try LowRankAdapters(definition.parameters, options: lora, seed: options.seed)
            (self.adapters, block, fullGradients, sink) = (adapters, adapters.block, nil, adapters)
        } else {
            block = TrainableBlock(memory: store.memory, parameters: store.parameters)
            let full = FullGradients(store, block)
            (adapters, fullGradients, sink) = (nil, full, full)
        }
        weights = WorkingWeights(
            store, precision: options.precision, gradients: sink, adapters: adapters, quantization: quantization,
            workers: workers)
        teacher = try options.distillation.map {
            try Teacher(
                directory: $0.teacherDirectory ?? modelDirectory, precision: options.precision,
                vocabularySize: definition.vocabularySize, workers: workers)
        }
    }

    /// Reads a checkpoint for training on that many threads of its own, the caller's included.
    public convenience init(modelDirectory: URL, options: TrainerOptions, threads: Int) throws {
        try self.init(modelDirectory: modelDirectory, options: options, workers: WorkerPool(threads: threads))
    }

    private static func quantizedBase(_ options: TrainerOptions) -> TrainingError {
        .badCheckpoint(
            options.lora == nil
                ? "the base model is already quantised; train its unquantised form and export it quantised"
                : "the base model is already quantised. An adapter trained beside quantised weights cannot be merged "
                    + "into them: rounding the sum gives weights that training never saw. Train on the unquantised "
                    + "form with fake quantisation: adapters are then folded in before rounding, in every step and in "
                    + "the export")
    }

    // MARK: Steps

    /// One step of the optimiser over the mean loss of all loss tokens of these batches, each computed after the other
    /// (gradient accumulation).
    ///
    /// Before the first step of quantisation-aware training with quantised inputs, their largest magnitudes are measured
    /// on these batches unless ``calibrate(_:)`` did.
    ///
    /// - Throws: ``TrainingError/notFinite(step:what:)`` when the loss or gradient is not a number; nothing has changed.
    public func step(_ batches: [TrainingBatch]) throws -> StepReport {
        let clock = ContinuousClock()
        let start = clock.now
        let (layouts, sums) = try accumulateGradients(batches)
        let loss = combined(sums)
        guard loss.isFinite else { throw TrainingError.notFinite(step: stepsTaken + 1, what: "loss") }
        let norm = gradientNorm()
        guard norm.isFinite else { throw TrainingError.notFinite(step: stepsTaken + 1, what: "gradient") }
        let rate = options.schedule.rate(step: stepsTaken)
        stepsTaken += 1
        update(learningRate: rate, gradientScale: clippingFactor(norm))
        weights.invalidate()
        pool.endStep()
        return StepReport(
            step: stepsTaken, loss: loss, crossEntropy: sums.crossEntropy / sums.weight,
            divergence: teacher.map { _ in sums.divergence / sums.weight },
            tokens: layouts.reduce(0) { $0 + $1.tokens.count },
            lossTokens: layouts.reduce(0) { $0 + $1.weights.count }, gradientNorm: norm, learningRate: rate,
            seconds: (clock.now - start) / .seconds(1))
    }

    func accumulateGradients(_ batches: [TrainingBatch]) throws -> ([RowLayout], LossSums) {
        let layouts = try batches.map { try RowLayout($0, vocabularySize: definition.vocabularySize) }
        if quantization?.needsCalibration == true { measureInputs(layouts) }
        let total = layouts.reduce(0) { $0 + $1.weights.reduce(0) { $0 + Double($1) } }
        guard total > 0 else { throw TrainingError.badBatch("no token of the step carries loss") }
        block.beginStep()
        var sums = LossSums()
        for layout in layouts { sums.add(forwardAndBackward(layout, scale: Float(1 / total))) }
        fullGradients?.finish()
        adapters?.finish()
        passWeightGradients()
        return (layouts, sums)
    }

    /// The mean loss over all loss tokens of these batches, with the weights as training's forward sees them.
    public func evaluate(_ batches: [TrainingBatch]) throws -> EvaluationReport {
        var sums = LossSums()
        var count = 0
        for batch in batches {
            let layout = try RowLayout(batch, vocabularySize: definition.vocabularySize)
            let executor = forward(layout, records: false)
            let logits = definition.logits(on: executor)
            sums.add(executor.loss(logits, request(layout, scale: 1, wantsGradients: false)))
            count += layout.weights.count
        }
        guard sums.weight > 0 else { throw TrainingError.badBatch("no token of the evaluation carries loss") }
        pool.endStep()
        return EvaluationReport(
            crossEntropy: sums.crossEntropy / sums.weight,
            divergence: teacher.map { _ in sums.divergence / sums.weight }, lossTokens: count)
    }

    /// The logits after these tokens, `[rows, vocabulary]` for the rows asked for, as training's forward computes them.
    public func logits(_ tokens: [Int32], rows: [Int]) throws -> [Float] {
        guard rows.allSatisfy(tokens.indices.contains) else { throw TrainingError.badBatch("a row is out of range") }
        guard tokens.allSatisfy({ $0 >= 0 && $0 < definition.vocabularySize }) else {
            throw TrainingError.badBatch("a token is not in the vocabulary")
        }
        let executor = forward(RowLayout(tokens: tokens, outputRows: rows.map(Int32.init)), records: false)
        return executor.allLogits(definition.logits(on: executor))
    }

    /// Gives back the memory that only another step would need, and which it takes again: packed weights, activations. With
    /// low-rank training that is nearly everything.
    public func releaseMemory() {
        weights.discard()
        teacher?.discard()
        pool.clear()
    }

    /// Measures the largest magnitude at the input of every quantised layer, which settles the input scales; further
    /// calls can only raise them. Weights are not rounded meanwhile.
    public func calibrate(_ batches: [TrainingBatch]) throws {
        guard quantization?.options.quantizesInputs == true else { return }
        measureInputs(try batches.map { try RowLayout($0, vocabularySize: definition.vocabularySize) })
    }

    // MARK: Parts of a step

    private func forward(_ layout: RowLayout, records: Bool) -> TapeExecutor {
        weights.prepare(pool)
        return TapeExecutor(
            weights: weights, layout: layout, workers: workers, pool: pool, records: records,
            checkpoints: options.checkpointsActivations)
    }

    private func forwardAndBackward(_ layout: RowLayout, scale: Float) -> LossSums {
        let request = request(layout, scale: scale, wantsGradients: true)
        let executor = forward(layout, records: true)
        let logits = executor.recordTail(definition.logits(on: executor))
        let sums = executor.loss(logits, request)
        executor.backward()
        return sums
    }

    private func request(_ layout: RowLayout, scale: Float, wantsGradients: Bool) -> LossRequest {
        var request = LossRequest(rowsPerChunk: options.lossRows(vocabulary: definition.vocabularySize))
        request.wantsGradients = wantsGradients
        request.crossEntropyFactor = scale
        guard let distillation = options.distillation, let teacher else { return request }
        request.crossEntropyFactor = scale * (1 - distillation.weight)
        request.divergenceFactor = scale * distillation.weight
        request.temperature = distillation.temperature
        request.teacher = teacher.rows(layout, pool: pool)
        return request
    }

    func combined(_ sums: LossSums) -> Double {
        guard let distillation = options.distillation else { return sums.crossEntropy / sums.weight }
        let weight = Double(distillation.weight)
        return ((1 - weight) * sums.crossEntropy + weight * sums.divergence) / sums.weight
    }

    /// Over everything that is trained.
    private func gradientNorm() -> Double {
        blocks.reduce(0) { $0 + annie_train_sum_of_squares(workers.handle, $1.gradients, $1.count) }.squareRoot()
    }

    private func update(learningRate rate: Float, gradientScale: Float) {
        block.update(
            options.optimizer, learningRate: rate, gradientScale: gradientScale, step: stepsTaken, workers: workers)
        guard let quantization, let learned = quantization.learnedScales else { return }
        var optimizer = options.optimizer
        optimizer.weightDecay = 0
        learned.block.update(
            optimizer, learningRate: rate * quantization.options.scaleRate, gradientScale: gradientScale,
            step: stepsTaken, workers: workers)
    }

    private func clippingFactor(_ norm: Double) -> Float {
        guard let limit = options.optimizer.clipNorm, norm > Double(limit) else { return 1 }
        return Float(Double(limit) / (norm + 1e-6))
    }

    private func measureInputs(_ layouts: [RowLayout]) {
        guard let quantization else { return }
        let unquantized = WorkingWeights(
            store, precision: options.precision, gradients: nil, adapters: adapters, workers: workers)
        unquantized.prepare(pool)
        for layout in layouts {
            let executor = TapeExecutor(
                weights: unquantized, layout: layout, workers: workers, pool: pool, records: false)
            executor.inputObserver = { [workers] linear, input in
                guard quantization.includes(linear) else { return }
                var amax: Float = 0
                for row in 0..<input.rows {
                    amax = max(amax, annie_amax_f32(workers.handle, input.pointer + row * input.stride, input.columns))
                }
                quantization.observe(linear, amax: amax)
            }
            _ = definition.logits(on: executor)
        }
        weights.invalidate()
    }

    /// The straight-through estimator for weights: once for the whole step, whose weights are the same.
    private func passWeightGradients() {
        guard let quantization, quantization.options.gradient != .identity, adapters == nil else { return }
        for linear in definition.parameters.linears where quantization.includes(linear) {
            let offset = store.offset(linear)
            let scale = weights.linears[linear.index].scale
            if let learned = quantization.learnedScales {
                learned.backward(
                    linear, weights: store.values + offset, gradients: block.gradients + offset, tensorScale: scale,
                    workers: workers)
            } else {
                annie_train_clip_gradient(
                    block.gradients + offset, store.values + offset, linear.rowCount * linear.columns,
                    scale * quantization.options.method.largestBlock)
            }
        }
    }
}
