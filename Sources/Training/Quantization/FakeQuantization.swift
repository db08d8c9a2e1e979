import CKernels
import Checkpoints
import Compute
import NVFP4

/// Quantisation-aware training: what every forward rounds to NVFP4, with the arithmetic of the export.
public struct FakeQuantization: Sendable, Equatable {
    /// What the backward pass makes of rounding (straight-through estimator, https://arxiv.org/abs/1308.3432).
    public enum StraightThrough: String, Sendable, CaseIterable {
        /// Gradients pass unchanged: ModelOpt's default.
        case identity
        /// Gradients of values beyond the largest that can be represented are zero.
        case clipped
        /// The step of each block of 16 weights is trained beside them, in full training with ``NVFP4Method/max`` (Learned
        /// Step Size Quantization, https://arxiv.org/abs/1902.08153).
        ///
        /// What is learned is the block's range, six steps; its scale is `e4m3(range / (6 * tensor's scale))`. It begins
        /// as the block's largest magnitude, so that the first forward is that of ``identity``, and does not follow the
        /// weights: those that grow beyond it saturate. A weight gets the gradient of its rounded value where it does not
        /// saturate, else none; a step gets the sum over its weights of that gradient times `code - weight / step`, or
        /// times ±6 where they saturate, scaled by `1 / sqrt(16 * 6)`. The rounding to e4m3 passes gradients unchanged.
        /// AdamW trains ranges without weight decay, at ``FakeQuantization/scaleRate``. Inputs are as with ``identity``.
        case learnedScale = "learned-scale"
    }

    /// What happens when weights (learned ranges, for ``StraightThrough/learnedScale``) outgrow the tensor's scale that was
    /// settled before the first step.
    public enum Growth: String, Sendable, CaseIterable {
        /// The scale is raised with them, and never lowered: no weight is clipped.
        case raise
        /// It stays; larger weights saturate, as in ModelOpt.
        case freeze
    }

    /// How block scales are chosen.
    public var method = NVFP4Method.max
    /// Whether inputs are quantised too (W4A4); otherwise only weights are.
    public var quantizesInputs = true
    /// Further layers to leave alone, beside the head, embeddings and what the exporter always leaves; see
    /// `ModulePattern`.
    public var exclusions: [String] = []
    /// What the backward pass makes of rounding.
    public var gradient = StraightThrough.identity
    /// The learning rate of learned ranges, as a multiple of that of the weights, whose unit they have.
    public var scaleRate: Float = 1
    /// What happens when weights outgrow their scale.
    public var growth = Growth.raise

    /// W4A4 with ModelOpt's rule for block scales.
    public init() {}
}

extension NVFP4Method {
    var kernel: annie_nvfp4_method {
        switch self {
        case .max: ANNIE_NVFP4_MAX
        case .mse: ANNIE_NVFP4_MSE
        case .fourOverSix: ANNIE_NVFP4_FOUR_OVER_SIX
        }
    }
}

/// The scales of a run: one for the weights and one for the input of each group of layers that are served as one.
final class QuantizationState {
    let options: FakeQuantization
    /// Set to false while inputs are measured.
    var quantizesInputs: Bool
    /// By the group's first module: the largest weight its scale was settled for, and the largest input measured.
    private(set) var weightAmax: [String: Float] = [:]
    private(set) var inputAmax: [String: Float] = [:]
    /// The group of each quantised layer, and the modules of each group.
    private let groupOfLinear: [Int: String]
    private let modulesOfGroup: [String: [String]]
    /// The trained scales of blocks, where they are.
    let learnedScales: LearnedScales?

    /// - Throws: ``TrainingError`` when layers that are computed as one product would not be quantised alike.
    init(_ options: FakeQuantization, _ table: ParameterTable, plan: QuantizationPlan) throws(TrainingError) {
        self.options = options
        quantizesInputs = options.quantizesInputs
        let groups = Dictionary(plan.linears.map { ($0.module, $0.group) }, uniquingKeysWith: { first, _ in first })
        var groupOfLinear: [Int: String] = [:]
        var modules: [String: [String]] = [:]
        for linear in table.linears where linear.role == .body {
            let found = linear.parts.map { groups[$0.name] }
            guard let group = found[0] else {
                guard found.allSatisfy({ $0 == nil }) else { throw Self.mixed(linear, found) }
                continue
            }
            guard found.allSatisfy({ $0 == group }) else { throw Self.mixed(linear, found) }
            guard modules[group] == nil else {
                throw .badOptions(
                    "\(linear.parts[0].name) shares the scale of \(group), but the model computes them apart; their "
                        + "scale cannot be settled in one pass")
            }
            groupOfLinear[linear.index] = group
            modules[group, default: []] += linear.parts.map(\.name)
        }
        self.groupOfLinear = groupOfLinear
        modulesOfGroup = modules
        learnedScales =
            options.gradient == .learnedScale
            ? LearnedScales(table.linears.filter { groupOfLinear[$0.index] != nil }) : nil
    }

    private static func mixed(_ linear: Linear, _ groups: [String?]) -> TrainingError {
        let names = zip(linear.parts, groups).map { "\($0.name): \($1 ?? "not quantised")" }
        return .badOptions(
            "layers that are computed as one product must share one scale, found \(names.joined(separator: ", "))")
    }

    func includes(_ linear: Linear) -> Bool { groupOfLinear[linear.index] != nil }

    /// The scale of a layer's weights; its first call settles it, later ones follow the policy for growth. Learned scales of
    /// blocks are made anew with it.
    func settledScale(_ linear: Linear, values: UnsafePointer<Float>, workers: WorkerPool) -> Float {
        let group = groupOfLinear[linear.index] ?? ""
        let settled = weightAmax[group]
        var amax = settled ?? 0
        if settled == nil {
            amax = annie_amax_f32(workers.handle, values, linear.rowCount * linear.columns)
        } else if options.growth == .raise {
            let measured =
                learnedScales?.amax(linear, workers: workers)
                ?? annie_amax_f32(workers.handle, values, linear.rowCount * linear.columns)
            amax = max(amax, measured)
        }
        weightAmax[group] = amax
        let scale = NVFP4Format.tensorScale(amax: amax, method: options.method)
        if settled == nil {
            learnedScales?.begin(linear, weights: values, tensorScale: scale, workers: workers)
        }
        learnedScales?.settle(linear, tensorScale: scale, workers: workers)
        return scale
    }

    /// The scale of a layer's input: that of what was measured, or of the largest that needs no scale.
    func inputScale(_ linear: Linear) -> Float {
        NVFP4Format.tensorScale(amax: inputAmax[groupOfLinear[linear.index] ?? ""] ?? Self.unmeasuredAmax)
    }

    private static let unmeasuredAmax: Float = NVFP4Format.largestMagnitude * NVFP4Format.largestScale

    /// Whether inputs still have to be measured.
    var needsCalibration: Bool { options.quantizesInputs && inputAmax.isEmpty }

    func observe(_ linear: Linear, amax: Float) {
        guard let group = groupOfLinear[linear.index], amax.isFinite else { return }
        inputAmax[group] = max(inputAmax[group] ?? 0, amax)
    }

    /// By module, as the exporter wants them.
    var weightAmaxByModule: [String: Float] { byModule(weightAmax) }
    var inputAmaxByModule: [String: Float]? { options.quantizesInputs ? byModule(inputAmax) : nil }

    private func byModule(_ amax: [String: Float]) -> [String: Float] {
        var result: [String: Float] = [:]
        for (group, value) in amax { for module in modulesOfGroup[group] ?? [] { result[module] = value } }
        return result
    }

    /// Takes the scales of a saved run.
    func restore(weightAmax: [String: Float], inputAmax: [String: Float]) {
        self.weightAmax = weightAmax
        self.inputAmax = inputAmax
    }
}
