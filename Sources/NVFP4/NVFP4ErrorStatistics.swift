/// How far a quantised tensor is from the original; adds up over tensors.
public struct NVFP4ErrorStatistics: Sendable, Equatable {
    /// Sum of the squares of the original values.
    public var squaredNorm: Double = 0
    /// Sum of the squared differences.
    public var squaredError: Double = 0
    /// The largest difference.
    public var maximumError: Double = 0

    /// No values yet.
    public init() {}

    /// The error's root mean square over that of the values (the relative Frobenius error); 0 for an all-zero tensor.
    public var relativeRMS: Double { squaredNorm == 0 ? 0 : (squaredError / squaredNorm).squareRoot() }

    /// The mean squared error over the mean square of the values.
    public var relativeMSE: Double { squaredNorm == 0 ? 0 : squaredError / squaredNorm }

    /// Adds another part of the same tensor, or another tensor.
    public mutating func add(_ other: NVFP4ErrorStatistics) {
        squaredNorm += other.squaredNorm
        squaredError += other.squaredError
        maximumError = max(maximumError, other.maximumError)
    }

    /// Adds the differences between originals and what became of them.
    ///
    /// - Precondition: both have the same count.
    public mutating func add(original: UnsafeBufferPointer<Float>, quantized: UnsafeBufferPointer<Float>) {
        precondition(original.count == quantized.count)
        let lanes = 8
        var norms = SIMD8<Double>.zero
        var errors = SIMD8<Double>.zero
        var largest = SIMD8<Float>.zero
        let whole = original.count / lanes * lanes
        for index in stride(from: 0, to: whole, by: lanes) {
            let left = UnsafeRawPointer(original.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
            let right = UnsafeRawPointer(quantized.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
            let difference = left - right
            let wide = SIMD8<Double>(difference)
            let values = SIMD8<Double>(left)
            norms += values * values
            errors += wide * wide
            let magnitude = difference.replacing(with: -difference, where: difference .< 0)
            largest.replace(with: magnitude, where: magnitude .> largest)
        }
        squaredNorm += norms.sum()
        squaredError += errors.sum()
        maximumError = max(maximumError, Double(largest.max()))
        for index in whole..<original.count {
            let difference = Double(original[index] - quantized[index])
            squaredNorm += Double(original[index]) * Double(original[index])
            squaredError += difference * difference
            maximumError = max(maximumError, difference.magnitude)
        }
    }
}
