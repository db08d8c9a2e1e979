import Compute
import Foundation
import Models

/// Runs a model over text and measures what comes in at its linear layers.
///
/// ```swift
/// let run = try CalibrationRun(directory: model, workers: WorkerPool(threads: 2))
/// let inputs = try run.measure(sequences)
/// options.inputAmax = inputs.largest
/// ```
public struct CalibrationRun {
    /// What was measured, by the module's name, such as `model.layers.0.self_attn.q_proj`.
    public struct Inputs: Sendable {
        /// The layers' inputs; those that are computed as one product have the same.
        public internal(set) var statistics: [String: InputStatistics] = [:]
        /// Tokens that were read.
        public internal(set) var tokens = 0

        /// Nothing measured.
        public init() {}

        /// The largest magnitude at each layer's input: what input scales are made of.
        public var largest: [String: Float] { statistics.mapValues { $0.amax.max() ?? 0 } }
    }

    /// Rows of each layer's input that are kept.
    public var sampledRows = 256
    private let model: LoadedModel

    /// Loads an unquantised model.
    ///
    /// - Throws: `ModelLoadingError`, `CheckpointError`.
    public init(directory: URL, isExact: Bool = false, workers: WorkerPool) throws {
        var options = LoadingOptions()
        options.dataType = isExact ? .float32 : .bfloat16
        model = try LoadedModel(directory: directory, options: options, workers: workers)
    }

    /// Reads the sequences, each from its beginning.
    ///
    /// - Throws: ``CalibrationError`` when there is nothing to read, or a token is not in the vocabulary.
    public func measure(
        _ sequences: [[Int32]], progress: (Int, Int) -> Void = { _, _ in }
    ) throws(CalibrationError) -> Inputs {
        let sequences = sequences.filter { !$0.isEmpty }
        let total = sequences.reduce(0) { $0 + $1.count }
        guard total > 0 else { throw .nothingToRead }
        let vocabulary = Int32(clamping: model.definition.vocabularySize)
        guard sequences.allSatisfy({ $0.allSatisfy { (0..<vocabulary).contains($0) } }) else { throw .foreignTokens }
        let layout = model.definition.stateLayout(format: model.stateFormat)
        let pages = StateLayout.pages(forTokens: sequences.map(\.count).max() ?? 0)
        let pool = PagePool(layout: layout, byteLimit: max(1, (pages + 1) * layout.pageBytes))
        let executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
        let stride = max(1, total / max(1, sampledRows))
        var layers: [Int: InputStatistics] = [:]
        var done = 0
        for sequence in sequences {
            let state = SequenceState(pool: pool)
            guard state.reserve(sequence.count) else { throw .tooLong(tokens: sequence.count) }
            var batch = Batch()
            batch.append(sequence, at: 0, output: .last)
            _ = executor.run(batch, states: [state]) { base in
                model.definition.logits(
                    on: ObservingExecutor(base: base) { linear, input in
                        guard linear.role == .body else { return }
                        layers[linear.index, default: InputStatistics(columns: linear.columns)].add(
                            input, stride: stride)
                    })
            }
            done += sequence.count
            progress(done, total)
        }
        var inputs = Inputs()
        inputs.tokens = total
        for linear in model.definition.parameters.linears {
            guard let statistics = layers[linear.index] else { continue }
            for part in linear.parts { inputs.statistics[part.name] = statistics }
        }
        return inputs
    }
}

/// Why a model cannot be calibrated, or scaled by what calibration found.
public enum CalibrationError: Error, Equatable, CustomStringConvertible {
    /// No token in the text.
    case nothingToRead
    /// Tokens of another vocabulary.
    case foreignTokens
    /// A sequence longer than memory has room for.
    case tooLong(tokens: Int)
    /// An architecture whose layers the scales cannot be folded into.
    case unsupported(modelType: String)
    /// A layer that the text never reached.
    case unmeasured(module: String)

    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .nothingToRead: "the calibration text has no tokens; name files with text or conversations"
        case .foreignTokens: "the calibration text was not made with this model's tokenizer"
        case .tooLong(let tokens): "a calibration sequence of \(tokens) tokens is too long; cut it into shorter ones"
        case .unsupported(let type):
            "awq-lite folds its scales into the norms and projections of llama, qwen2 and qwen3; this model's type is "
                + "'\(type)'. Use max, mse or four-over-six."
        case .unmeasured(let module):
            "nothing was measured at the input of \(module); were the statistics taken from this model?"
        }
    }
}
