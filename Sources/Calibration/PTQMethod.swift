import NVFP4

/// A way to quantise a model that was taught without rounding (post-training quantisation).
public enum PTQMethod: String, Sendable, CaseIterable {
    /// The block's largest magnitude becomes the largest code.
    case max
    /// The block scale with the least squared error of the weights.
    case mse
    /// The largest magnitude becomes 6 or 4, whichever has less squared error.
    case fourOverSix = "four-over-six"
    /// Input features scaled by what calibration text shows, folded into the operations before; then ``max``.
    case awqLite = "awq-lite"

    /// How block scales are chosen.
    public var blockScales: NVFP4Method {
        switch self {
        case .max, .awqLite: .max
        case .mse: .mse
        case .fourOverSix: .fourOverSix
        }
    }

    /// Whether it cannot do without calibration text.
    public var needsCalibration: Bool { self == .awqLite }
}
