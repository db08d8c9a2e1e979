import JSON

/// What is in a checkpoint, and whether its bytes are what its configuration claims.
public struct Inspection: Sendable {
    /// A tensor as it is stored.
    public struct Tensor: Sendable {
        /// The tensor's name.
        public let name: String
        /// The file it is in, without its directory.
        public let file: String
        /// How elements are written.
        public let dataType: TensorDataType
        /// Extents, slowest first.
        public let shape: [Int]
        /// Bytes it takes.
        public let byteCount: Int
    }

    /// A matrix with its scales.
    public struct Linear: Sendable {
        /// The module's name.
        public let name: String
        /// `NVFP4`, `INT8`, or the type of dense weights.
        public let format: String
        /// Output and input features.
        public let shape: [Int]
        /// Bytes of values and scales together.
        public let byteCount: Int

        /// Bits per weight, scales included.
        public var bitsPerWeight: Double {
            let count = shape.reduce(1, *)
            return count == 0 ? 0 : Double(byteCount) * 8 / Double(count)
        }
    }

    /// A safetensors file.
    public struct File: Sendable {
        /// The name, without its directory.
        public let name: String
        /// Bytes of the whole file.
        public let size: Int
        /// Bytes before the first tensor.
        public let headerSize: Int
        /// How many tensors are in it.
        public let tensorCount: Int
    }

    /// What `config.json` calls the decoder.
    public internal(set) var modelType = ""
    /// What it is quantised with, such as `NVFP4 (modelopt 0.47.0)`; nil when it is not.
    public internal(set) var quantization: String?
    /// The files of weights.
    public internal(set) var files: [File] = []
    /// Every tensor, by name.
    public internal(set) var tensors: [Tensor] = []
    /// Every matrix, by name.
    public internal(set) var linears: [Linear] = []
    /// Weights that the tensors stand for; scales are not counted.
    public internal(set) var parameterCount = 0
    /// Bytes of all tensors.
    public internal(set) var byteCount = 0
    /// What makes the checkpoint wrong, or unloadable by those it claims to be for.
    public internal(set) var problems: [String] = []
    /// What a user may want to know.
    public internal(set) var warnings: [String] = []

    /// Bits on disk per weight, everything included.
    public var bitsPerWeight: Double { parameterCount == 0 ? 0 : Double(byteCount) * 8 / Double(parameterCount) }

    /// The inspection for a machine.
    public var jsonValue: JSONValue {
        [
            "model_type": .string(modelType), "quantization": quantization.map(JSONValue.string) ?? .null,
            "parameters": .integer(parameterCount), "bytes": .integer(byteCount),
            "bits_per_weight": .number(bitsPerWeight),
            "files": .array(
                files.map {
                    [
                        "name": .string($0.name), "size": .integer($0.size), "header_size": .integer($0.headerSize),
                        "tensors": .integer($0.tensorCount),
                    ]
                }),
            "linears": .array(
                linears.map {
                    [
                        "name": .string($0.name), "format": .string($0.format),
                        "shape": .array($0.shape.map { .integer($0) }), "bytes": .integer($0.byteCount),
                        "bits_per_weight": .number($0.bitsPerWeight),
                    ]
                }),
            "tensors": .array(
                tensors.map {
                    [
                        "name": .string($0.name), "dtype": .string($0.dataType.rawValue),
                        "shape": .array($0.shape.map { .integer($0) }), "bytes": .integer($0.byteCount),
                        "file": .string($0.file),
                    ]
                }),
            "problems": .array(problems.map(JSONValue.string)), "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }
}
