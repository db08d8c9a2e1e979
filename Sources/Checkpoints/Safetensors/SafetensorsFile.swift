/// A safetensors file, mapped into memory and checked; tensors are read where they lie.
public struct SafetensorsFile: Sendable {
    /// Where the file is.
    public let path: String
    /// The strings under `__metadata__`.
    public let metadata: [String: String]
    /// The names of all tensors, in the order of their bytes.
    public let names: [String]
    /// Bytes before the first tensor.
    public let headerSize: Int
    /// Bytes of the whole file.
    public var size: Int { storage.bytes.count }

    private let entries: [String: SafetensorsHeader.Entry]
    private let storage: MappedFile

    /// Maps the file and checks its header.
    ///
    /// - Throws: ``CheckpointError`` naming the file, and the tensor where it is one tensor's fault.
    public init(path: String) throws(CheckpointError) {
        storage = try MappedFile(path: path)
        let header = try SafetensorsHeader(parsing: storage.bytes, file: path)
        self.path = path
        metadata = header.metadata
        headerSize = header.size
        names = header.entries.map(\.name)
        entries = Dictionary(header.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The tensor of that name, or nil.
    public func find(_ name: String) -> TensorView? {
        entries[name].map {
            TensorView(name: name, dataType: $0.dataType, shape: $0.shape, storage: storage, range: $0.range)
        }
    }

    /// The tensor of that name.
    ///
    /// - Throws: ``CheckpointError`` of kind `missing`.
    public func tensor(_ name: String) throws(CheckpointError) -> TensorView {
        guard let tensor = find(name) else {
            throw CheckpointError(
                .missing, file: path, tensor: name, "not in the file, which has \(names.count) tensors")
        }
        return tensor
    }

    /// Calls the closure with the header's bytes, which say what is in the file and where.
    package func withHeader<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(rebasing: storage.bytes.prefix(headerSize)))
    }

    /// Tells the kernel how the whole file will be read.
    public func advise(_ advice: MemoryAdvice) { storage.advise(advice, 0..<size) }
}
