import JSON
import NVFP4

/// How far a quantisation has come.
public struct QuantizationProgress: Sendable {
    /// The tensor that was just written.
    public let tensor: String
    /// Source bytes that are done.
    public let completedBytes: Int
    /// Source bytes in all.
    public let totalBytes: Int
}

/// What a quantisation did: errors per tensor, size, speed.
public struct QuantizationReport: Sendable {
    /// One quantised matrix.
    public struct Tensor: Sendable {
        /// The module's name.
        public let name: String
        /// `NVFP4` or `INT8`.
        public let format: String
        /// Output and input features.
        public let shape: [Int]
        /// How far it is from the source.
        public let error: NVFP4ErrorStatistics
    }

    /// The quantised matrices, in the order they were written.
    public internal(set) var tensors: [Tensor] = []
    /// How far all of them together are from the source.
    public internal(set) var total = NVFP4ErrorStatistics()
    /// Linears that were left alone although nothing excluded them, and why.
    public internal(set) var notes: [String] = []
    /// Modules on the exclude list.
    public internal(set) var excludedModules: [String] = []
    /// Weights of the source, quantised or not.
    public internal(set) var parameterCount = 0
    /// Bytes of tensors read.
    public internal(set) var sourceBytes = 0
    /// Bytes of safetensors files written.
    public internal(set) var outputBytes = 0
    /// From the first byte read to the last one on the disk.
    public internal(set) var seconds = 0.0

    /// Bits on disk per weight of the source, everything included.
    public var bitsPerWeight: Double { parameterCount == 0 ? 0 : Double(outputBytes) * 8 / Double(parameterCount) }
    /// Source bytes per second.
    public var bytesPerSecond: Double { seconds > 0 ? Double(sourceBytes) / seconds : 0 }

    /// The report for a machine.
    public var jsonValue: JSONValue {
        let rows: [JSONValue] = tensors.map { tensor in
            [
                "name": .string(tensor.name), "format": .string(tensor.format),
                "shape": .array(tensor.shape.map { .integer($0) }), "relative_rms": .number(tensor.error.relativeRMS),
                "maximum_error": .number(tensor.error.maximumError),
            ]
        }
        return [
            "tensors": .array(rows), "relative_rms": .number(total.relativeRMS),
            "maximum_error": .number(total.maximumError), "parameters": .integer(parameterCount),
            "source_bytes": .integer(sourceBytes), "output_bytes": .integer(outputBytes),
            "bits_per_weight": .number(bitsPerWeight), "seconds": .number(seconds),
            "bytes_per_second": .number(bytesPerSecond),
            "excluded_modules": .array(excludedModules.map(JSONValue.string)),
            "notes": .array(notes.map(JSONValue.string)),
        ]
    }
}
