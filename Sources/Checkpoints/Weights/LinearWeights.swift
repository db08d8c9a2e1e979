/// The weights of one linear layer, y = x W', in whichever format the checkpoint holds them. Shapes are [rows, columns] =
/// [output features, input features].
public enum LinearWeights: Sendable {
    /// F32, F16 or BF16 [rows, columns].
    case dense(TensorView)
    /// NVFP4: weight = e2m1(code) * (f32(scale) * tensorScale).
    ///
    /// codes U8 [rows, columns / 2], the even column in the low nibble; scales F8_E4M3 [rows, columns / 16];
    /// inputScale = amax of the input / 2688, when it was calibrated.
    case nvfp4(codes: TensorView, scales: TensorView, tensorScale: Float, inputScale: Float?)
    /// Symmetric int8: weight = value * scale. values I8 [rows, columns], scales BF16 [rows, columns / 64 rounded up].
    case int8(values: TensorView, scales: TensorView)

    /// Values of a row that share an int8 scale.
    public static let int8BlockSize = 64

    /// Tells the kernel how the bytes will be read.
    public func advise(_ advice: MemoryAdvice) {
        switch self {
        case .dense(let tensor): tensor.advise(advice)
        case .nvfp4(let codes, let scales, _, _):
            codes.advise(advice)
            scales.advise(advice)
        case .int8(let values, let scales):
            values.advise(advice)
            scales.advise(advice)
        }
    }
}

extension Checkpoint {
    /// The weights of the linear layer of that name (without `.weight`), their shapes, types and scales checked.
    ///
    /// The format is told by the tensors that are there: ModelOpt's, compressed-tensors', Annie's int8, or dense. What
    /// `config.json` claims beyond that is for ``QuantizationConfiguration/load(from:)`` to accept or refuse.
    ///
    /// - Throws: ``CheckpointError`` naming the tensor.
    public func linear(_ name: String, rows: Int, columns: Int) throws(CheckpointError) -> LinearWeights {
        if let scaling = find(name + ".pre_quant_scale") {
            throw scaling.failure(
                .unsupported, "AWQ's scaling of the input is not implemented; start from the unquantised model")
        }
        let reason = "\(rows) outputs, \(columns) inputs by config.json"
        if let codes = find(name + ".weight_packed") {
            let scales = try nvfp4Scales(name, codes: codes, rows: rows, columns: columns, reason: reason)
            let global = try positiveScale(name + ".weight_global_scale")
            let input = try optionalPositiveScale(name + ".input_global_scale")
            return .nvfp4(
                codes: codes, scales: scales, tensorScale: try reciprocal(global, name + ".weight_global_scale"),
                inputScale: try input.map { value throws(CheckpointError) in
                    try reciprocal(value, name + ".input_global_scale")
                })
        }
        let weight = try tensor(name + ".weight")
        switch weight.dataType {
        case .float32, .float16, .bfloat16:
            try weight.requireShape([rows, columns], because: reason)
            return .dense(weight)
        case .uint8:
            let scales = try nvfp4Scales(name, codes: weight, rows: rows, columns: columns, reason: reason)
            return .nvfp4(
                codes: weight, scales: scales, tensorScale: try positiveScale(name + ".weight_scale_2"),
                inputScale: try optionalPositiveScale(name + ".input_scale"))
        case .int8:
            try weight.requireShape([rows, columns], because: reason)
            return .int8(values: weight, scales: try int8Scales(name, rows: rows, columns: columns))
        default:
            throw weight.failure(
                .unsupported,
                "found weights of type \(weight.dataType.rawValue), expected BF16, F32, F16, NVFP4 (U8) or I8")
        }
    }
}

extension Checkpoint {
    private func nvfp4Scales(
        _ name: String, codes: TensorView, rows: Int, columns: Int, reason: String
    ) throws(CheckpointError) -> TensorView {
        guard columns.isMultiple(of: 16) else {
            throw codes.failure(.unsupported, "\(columns) inputs cannot be split into NVFP4's blocks of 16")
        }
        guard codes.dataType == .uint8 else {
            throw codes.failure(
                .mismatched, "found type \(codes.dataType.rawValue), expected U8 (two NVFP4 codes a byte)")
        }
        try codes.requireShape([rows, columns / 2], because: reason + ", two codes a byte")
        let scales = try requiredScale(name + ".weight_scale")
        guard scales.dataType == .float8E4M3 else {
            throw scales.failure(
                .mismatched, "found type \(scales.dataType.rawValue), expected F8_E4M3 (NVFP4's block scales)")
        }
        try scales.requireShape([rows, columns / 16], because: reason + ", a scale per 16 inputs")
        if let index = scales.firstNaNE4M3() {
            throw scales.failure(
                .malformed,
                "the block scale at row \(index / (columns / 16)), block \(index % (columns / 16)) is NaN; "
                    + "the file is damaged or was badly quantised")
        }
        return scales
    }

    private func int8Scales(_ name: String, rows: Int, columns: Int) throws(CheckpointError) -> TensorView {
        let scales = try requiredScale(name + ".weight_scale")
        guard scales.dataType == .bfloat16 else {
            throw scales.failure(
                .mismatched, "found type \(scales.dataType.rawValue), expected BF16 (int8 block scales)")
        }
        let blocks = (columns + LinearWeights.int8BlockSize - 1) / LinearWeights.int8BlockSize
        try scales.requireShape([rows, blocks], because: "a scale per row and \(LinearWeights.int8BlockSize) inputs")
        guard try scales.floats().allSatisfy(\.isFinite) else {
            throw scales.failure(.malformed, "a block scale is not finite; the file is damaged or was badly quantised")
        }
        return scales
    }

    private func requiredScale(_ name: String) throws(CheckpointError) -> TensorView {
        guard let tensor = find(name) else {
            throw CheckpointError(
                .missing, file: directory.path, tensor: name, "not there, but the quantised weights beside it need it")
        }
        return tensor
    }

    private func positiveScale(_ name: String) throws(CheckpointError) -> Float {
        let tensor = try requiredScale(name)
        guard tensor.dataType == .float32 else {
            throw tensor.failure(.mismatched, "found type \(tensor.dataType.rawValue), expected F32 (a scale)")
        }
        let value = try tensor.scalar()
        guard value.isFinite, value > 0 else {
            throw tensor.failure(
                .malformed,
                "found \(value), expected a finite scale above 0; the file is damaged or was badly quantised")
        }
        return value
    }

    private func optionalPositiveScale(_ name: String) throws(CheckpointError) -> Float? {
        contains(name) ? try positiveScale(name) : nil
    }

    /// compressed-tensors stores 2688 / amax where the product needs amax / 2688.
    private func reciprocal(_ value: Float, _ name: String) throws(CheckpointError) -> Float {
        let result = 1 / value
        guard result.isFinite, result > 0 else {
            throw CheckpointError(
                .malformed, file: directory.path, tensor: name, "found \(value), whose inverse is no scale")
        }
        return result
    }
}

extension TensorView {
    /// Where the first e4m3 NaN (0x7F or 0xFF) is.
    func firstNaNE4M3() -> Int? {
        withUnsafeBytes { bytes in
            var found = false
            // No early exit: this form is vectorised, and a healthy checkpoint is read to its end anyway.
            for byte in bytes { found = found || byte & 0x7F == 0x7F }
            return found ? bytes.firstIndex { $0 & 0x7F == 0x7F } : nil
        }
    }
}
