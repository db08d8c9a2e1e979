/// NVIDIA's 4-bit floating point with two levels of scale: e2m1 codes, an e4m3 scale per 16 values, one f32 per tensor.
public enum NVFP4Format {
    /// Consecutive input features that share a block scale.
    public static let blockSize = 16
    /// The magnitudes that the three low bits of a code stand for; the fourth bit is the sign.
    public static let magnitudes: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
    /// The largest magnitude of a code.
    public static let largestMagnitude: Float = 6
    /// The largest block scale, e4m3's largest number.
    public static let largestScale: Float = 448

    /// The tensor's scale for values whose largest magnitude is amax, as ModelOpt computes it: amax / (6 * 448).
    ///
    /// For ``NVFP4Method/fourOverSix`` it is amax / (6 * 256), so that the block with the largest magnitude can have a
    /// scale that is half as large again. An all-zero tensor, or one too small for f32, gets 1: its codes are zero.
    public static func tensorScale(amax: Float, method: NVFP4Method = .max) -> Float {
        let scale = amax / (largestMagnitude * (method == .fourOverSix ? 256 : largestScale))
        return scale == 0 ? 1 : scale
    }
}
