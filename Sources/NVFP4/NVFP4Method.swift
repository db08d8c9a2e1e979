/// How the scale of a block of 16 values is chosen.
public enum NVFP4Method: String, Sendable, CaseIterable {
    /// The block's largest magnitude becomes the largest code, 6: ModelOpt's and llama.cpp's rule.
    case max
    /// Of the e4m3 scales near that one, the one with the least squared error.
    case mse
    /// The largest magnitude becomes 6 or 4, whichever has the least squared error.
    case fourOverSix = "four-over-six"
}
