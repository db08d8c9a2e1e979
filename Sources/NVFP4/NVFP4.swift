/// NVIDIA's 4-bit floating point with two levels of scale: e2m1 codes, an e4m3 scale per 16 values, one f32 per tensor.
public enum NVFP4 {
    /// Consecutive input features that share a block scale.
    public static let blockSize = 16
    /// The magnitudes that the three low bits of a code stand for; the fourth bit is the sign.
    public static let magnitudes: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
    /// The largest magnitude of a code.
    public static let largestMagnitude: Float = 6
    /// The largest block scale, e4m3's largest number.
    public static let largestScale: Float = 448

    /// The tensor's scale for weights whose largest magnitude is amax: amax / (6 * 448), as ModelOpt computes it.
    public static func tensorScale(amax: Float) -> Float { amax / (largestMagnitude * largestScale) }
}
