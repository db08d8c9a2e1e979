/// A tensor where it lies: name, type, shape, and its bytes, which stay mapped for as long as the view lives.
public struct TensorView: Sendable {
    /// The tensor's name in its file.
    public let name: String
    /// How elements are written.
    public let dataType: TensorDataType
    /// Extents, slowest first; empty for a scalar.
    public let shape: [Int]
    private let storage: any TensorStorage
    private let range: Range<Int>

    /// A view of bytes whose count already is the product of shape and element size.
    package init(
        name: String, dataType: TensorDataType, shape: [Int], storage: any TensorStorage, range: Range<Int>
    ) {
        precondition(range.count == shape.reduce(dataType.size, *), "the range does not match the shape")
        self.name = name
        self.dataType = dataType
        self.shape = shape
        self.storage = storage
        self.range = range
    }

    /// A tensor of its own, copied from an array; for weights that were computed and not read.
    ///
    /// - Precondition: the array has exactly the bytes that the shape and type need.
    public init(name: String, dataType: TensorDataType, shape: [Int], bytes: [UInt8]) {
        self.init(
            name: name, dataType: dataType, shape: shape, storage: OwnedBytes(bytes, file: "memory"),
            range: 0..<bytes.count)
    }

    /// How many elements there are.
    public var elementCount: Int { shape.reduce(1, *) }
    /// How many bytes they take.
    public var byteCount: Int { range.count }
    /// The file the bytes lie in, for errors.
    public var file: String { storage.file }

    /// The bytes themselves, perhaps not aligned to the element size.
    ///
    /// > Warning: They are unmapped with the last view of their file. Keep this view for as long as the pointer is used.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage.bytes[range]) }

    /// Calls the closure with the bytes, which cannot go away meanwhile.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(bytes)
    }

    /// Some of the rows (the first extent), without copying.
    ///
    /// - Precondition: the tensor has at least one extent and the rows are within it.
    public func rows(_ rows: Range<Int>) -> TensorView {
        precondition(!shape.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= shape[0], "rows out of range")
        let rowBytes = shape[0] == 0 ? 0 : byteCount / shape[0]
        let start = range.lowerBound + rows.lowerBound * rowBytes
        return TensorView(
            name: name, dataType: dataType, shape: [rows.count] + shape.dropFirst(), storage: storage,
            range: start..<start + rows.count * rowBytes)
    }

    /// Tells the kernel how the bytes will be read.
    public func advise(_ advice: MemoryAdvice) { (storage as? MappedFile)?.advise(advice, range) }

    /// An error about this tensor.
    package func failure(_ kind: CheckpointError.Kind, _ message: String) -> CheckpointError {
        CheckpointError(kind, file: file, tensor: name, message)
    }

    /// Refuses a tensor of another shape.
    ///
    /// - Parameter reason: where the expectation comes from, such as "config.json says hidden_size 64".
    public func requireShape(_ expected: [Int], because reason: String) throws(CheckpointError) {
        guard shape == expected else {
            throw failure(
                .mismatched,
                "found shape \(shape), expected \(expected) (\(reason)); the checkpoint and its configuration disagree")
        }
    }
}

extension TensorView {
    /// The elements as floats, from F64, F32, F16 or BF16.
    public func floats() throws(CheckpointError) -> [Float] {
        guard dataType.isDenseWeight || dataType == .float64 else {
            throw failure(.mismatched, "found type \(dataType.rawValue), expected F32, BF16, F16 or F64")
        }
        return [Float](unsafeUninitializedCapacity: elementCount) { output, initialized in
            copyFloats(into: UnsafeMutableBufferPointer(rebasing: output[..<elementCount]))
            initialized = elementCount
        }
    }

    /// The one float of a tensor of shape [] or [1].
    public func scalar() throws(CheckpointError) -> Float {
        guard shape.isEmpty || shape == [1] else {
            throw failure(.mismatched, "found shape \(shape), expected a single number (shape [] or [1])")
        }
        return try floats()[0]
    }

    /// Writes the elements as floats.
    ///
    /// - Precondition: the type is F64, F32, F16 or BF16, and the buffer holds exactly the elements.
    package func copyFloats(into output: UnsafeMutableBufferPointer<Float>) {
        precondition(output.count == elementCount)
        switch dataType {
        case .float32: convert(output, from: UInt32.self) { Float(bitPattern: $0) }
        case .bfloat16: convert(output, from: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float16: convert(output, from: UInt16.self) { Float(Float16(bitPattern: $0)) }
        case .float64: convert(output, from: UInt64.self) { Float(Double(bitPattern: $0)) }
        default: preconditionFailure("\(dataType.rawValue) has no floats")
        }
    }

    private func convert<Bits: FixedWidthInteger>(
        _ output: UnsafeMutableBufferPointer<Float>, from: Bits.Type, _ convert: (Bits) -> Float
    ) {
        withUnsafeBytes { bytes in
            for index in output.indices {
                let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
                output.initializeElement(at: index, to: convert(Bits(littleEndian: bits)))
            }
        }
    }
}
