/// NVFP4 in plain Swift, one value at a time: what the kernels must equal bit for bit.
///
/// Follows the arithmetic of NVIDIA ModelOpt 0.47's `NVFP4QTensor` (its export path), operation by operation in f32.
package enum NVFP4Reference {
    /// The smallest block scale that ModelOpt writes.
    private static let smallestScale: Float = 0x1p-9

    /// Quantises rows x columns values; codes and scales as ``NVFP4Tensor`` holds them.
    package static func quantize(
        _ values: [Float], columns: Int, tensorScale: Float, method: NVFP4Method
    ) -> (codes: [UInt8], scales: [UInt8]) {
        precondition(
            columns.isMultiple(of: NVFP4Format.blockSize) && values.count.isMultiple(of: NVFP4Format.blockSize))
        let scales = stride(from: 0, to: values.count, by: NVFP4Format.blockSize).map {
            blockScale(values[$0..<$0 + NVFP4Format.blockSize], tensorScale: tensorScale, method: method)
        }
        return (codes(values, scales: scales, tensorScale: tensorScale), scales)
    }

    /// The codes of values under block scales that are given.
    package static func codes(_ values: [Float], scales: [UInt8], tensorScale: Float) -> [UInt8] {
        precondition(values.count == scales.count * NVFP4Format.blockSize)
        var codes: [UInt8] = []
        codes.reserveCapacity(values.count / 2)
        for (block, scale) in scales.enumerated() {
            let step = E4M3.decode(scale) * tensorScale
            for index in stride(from: block * NVFP4Format.blockSize, to: (block + 1) * NVFP4Format.blockSize, by: 2) {
                codes.append(code(values[index] / step) | code(values[index + 1] / step) << 4)
            }
        }
        return codes
    }

    /// The values that codes and scales stand for.
    ///
    /// - Parameters:
    ///   - keepsNegativeZero: code 8 is -0, as in compressed-tensors; ModelOpt makes it 0.
    ///   - step: what one unit of a code is worth in a block, from the block's scale: `scale * tensorScale`, or
    ///     `scale / globalScale` in compressed-tensors' arithmetic.
    package static func dequantize(
        codes: [UInt8], scales: [UInt8], keepsNegativeZero: Bool = false, step: (Float) -> Float
    ) -> [Float] {
        precondition(codes.count == scales.count * NVFP4Format.blockSize / 2)
        var values: [Float] = []
        values.reserveCapacity(codes.count * 2)
        for (block, scale) in scales.enumerated() {
            let unit = step(E4M3.decode(scale))
            for byte in codes[block * NVFP4Format.blockSize / 2..<(block + 1) * NVFP4Format.blockSize / 2] {
                values.append(value(byte & 0xF) * unit)
                values.append(value(byte >> 4) * unit)
            }
        }
        // -0 + 0 is 0, and nothing else changes.
        return keepsNegativeZero ? values : values.map { $0 + 0 }
    }

    /// The number a code stands for, before scaling.
    package static func value(_ code: UInt8) -> Float {
        let magnitude = NVFP4Format.magnitudes[Int(code & 7)]
        return code & 8 == 0 ? magnitude : -magnitude
    }

    /// The nearest code, ties to the even one; magnitudes above 5 become 6. Minus zero is written as zero, but a negative
    /// value that rounds to zero keeps its sign, as in ModelOpt.
    package static func code(_ value: Float) -> UInt8 {
        let magnitude = value.magnitude
        var code: UInt8 = value < 0 ? 8 : 0
        if magnitude > 0.25 { code += 1 }
        if magnitude >= 0.75 { code += 1 }
        if magnitude > 1.25 { code += 1 }
        if magnitude >= 1.75 { code += 1 }
        if magnitude > 2.5 { code += 1 }
        if magnitude >= 3.5 { code += 1 }
        if magnitude > 5 { code += 1 }
        return code
    }

    /// The squared error of a block under a scale.
    package static func squaredError(_ block: ArraySlice<Float>, scale: UInt8, tensorScale: Float) -> Float {
        let step = E4M3.decode(scale) * tensorScale
        var squares = block.map { value in
            let difference = value - self.value(code(value / step)) * step
            return difference * difference
        }
        // Halves are added to halves, as vectors do it: another order would round otherwise and choose other scales.
        while squares.count > 1 {
            let half = squares.count / 2
            squares = (0..<half).map { squares[$0] + squares[$0 + half] }
        }
        return squares[0]
    }

    /// The scales that a method chooses among, the one of ``NVFP4Method/max`` first; the earliest of the best wins.
    package static func candidates(_ block: ArraySlice<Float>, tensorScale: Float, method: NVFP4Method) -> [UInt8] {
        let amax = block.reduce(0) { Swift.max($0, $1.magnitude) }
        let first = scale(amax, divisor: 6, tensorScale: tensorScale)
        switch method {
        case .max: return [first]
        case _ where !(amax > 0): return [first]
        case .fourOverSix: return [first, scale(amax, divisor: 4, tensorScale: tensorScale)]
        case .mse:
            let lowest = Swift.max(Int(first) - 5, 1)
            let highest = Swift.min(Int(first) + 3, 0x7E)
            return [first] + (lowest...highest).map(UInt8.init).filter { $0 != first }
        }
    }

    private static func blockScale(_ block: ArraySlice<Float>, tensorScale: Float, method: NVFP4Method) -> UInt8 {
        let candidates = candidates(block, tensorScale: tensorScale, method: method)
        guard candidates.count > 1 else { return candidates[0] }
        var best = candidates[0]
        var least = squaredError(block, scale: best, tensorScale: tensorScale)
        for candidate in candidates.dropFirst() {
            let error = squaredError(block, scale: candidate, tensorScale: tensorScale)
            if error < least { (best, least) = (candidate, error) }
        }
        return best
    }

    private static func scale(_ amax: Float, divisor: Float, tensorScale: Float) -> UInt8 {
        let scale = amax / (divisor * tensorScale)
        return E4M3.encode(scale == 0 ? 1 : Swift.min(Swift.max(scale, smallestScale), NVFP4Format.largestScale))
    }
}
