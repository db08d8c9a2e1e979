import NVFP4

extension LinearWeights {
    /// Output and input features.
    public var shape: (rows: Int, columns: Int) {
        switch self {
        case .dense(let view): (view.shape[0], view.shape[1])
        case .nvfp4(let codes, _, _, _): (codes.shape[0], codes.shape[1] * 2)
        case .int8(let values, _): (values.shape[0], values.shape[1])
        }
    }

    /// Bytes of codes and scales together.
    public var byteCount: Int {
        switch self {
        case .dense(let view): view.byteCount
        case .nvfp4(let codes, let scales, _, let inputScale):
            codes.byteCount + scales.byteCount + (inputScale == nil ? 4 : 8)
        case .int8(let values, let scales): values.byteCount + scales.byteCount
        }
    }

    /// What the weights stand for, rows x columns: for tests, exports and measurements, not for serving.
    public func floats() throws(CheckpointError) -> [Float] {
        switch self {
        case .dense(let view): return try view.floats()
        case .nvfp4(let codes, let scales, let tensorScale, _):
            let (rows, columns) = shape
            return codes.withUnsafeBytes { codes in
                scales.withUnsafeBytes { scales in
                    [Float](unsafeUninitializedCapacity: rows * columns) { values, initialized in
                        NVFP4Format.dequantize(
                            codes: codes, scales: scales, rows: rows, columns: columns, tensorScale: tensorScale,
                            into: UnsafeMutableRawBufferPointer(values), .float32)
                        initialized = rows * columns
                    }
                }
            }
        case .int8(let values, let scales): return try Self.int8Floats(values, scales)
        }
    }

    private static func int8Floats(_ values: TensorView, _ scales: TensorView) throws(CheckpointError) -> [Float] {
        let columns = values.shape[1]
        let blocks = scales.shape[1]
        let steps = try scales.floats()
        return values.withUnsafeBytes { bytes in
            bytes.indices.map { index in
                let (row, column) = index.quotientAndRemainder(dividingBy: columns)
                return Float(Int8(bitPattern: bytes[index])) * steps[row * blocks + column / int8BlockSize]
            }
        }
    }
}
