import Foundation
import JSON

/// What a checkpoint says about its quantisation: `quantization_config` in `config.json`, or `hf_quant_config.json`.
public struct QuantizationConfiguration: Sendable, Equatable {
    /// Whose tensor names the checkpoint uses.
    public enum Layout: Sendable, Equatable {
        /// NVIDIA ModelOpt: `weight`, `weight_scale`, `weight_scale_2`, `input_scale`.
        case modelOpt
        /// compressed-tensors `nvfp4-pack-quantized`: `weight_packed`, `weight_scale`, `weight_global_scale`.
        case compressedTensors
    }

    /// What is quantised.
    public enum Algorithm: String, Sendable, Equatable {
        /// Weights and activations in NVFP4.
        case nvfp4 = "NVFP4"
        /// Weights alone in NVFP4.
        case nvfp4WeightOnly = "W4A16_NVFP4"
    }

    /// Whose tensor names the checkpoint uses.
    public let layout: Layout
    /// What is quantised.
    public let algorithm: Algorithm
    /// Values that share a block scale; always 16.
    public let groupSize: Int
    /// Modules that are not quantised, by name or pattern; see ``ModulePattern``.
    public let exclusions: [ModulePattern]
    /// How the key/value cache was calibrated, such as `FP8`; not used here.
    public let keyValueCacheAlgorithm: String?
    /// Who made the checkpoint, such as `modelopt 0.47.0`.
    public let producer: String?

    package static let modelOptFileName = "hf_quant_config.json"

    /// Whether a module (a tensor's name without `.weight`) is left unquantised.
    public func excludes(_ module: String) -> Bool { exclusions.contains { $0.matches(module) } }

    /// Reads a directory's quantisation; nil when it claims none.
    ///
    /// - Throws: ``CheckpointError`` of kind `unsupported` for anything but NVFP4.
    public static func load(from directory: URL) throws(CheckpointError) -> QuantizationConfiguration? {
        let configuration = directory.appendingPathComponent(ModelConfiguration.fileName)
        if let json = try JSONFile.readIfPresent(configuration) {
            let quantization = json["quantization_config"] ?? json["text_config"]?["quantization_config"]
            if let quantization, !quantization.isNull {
                return try QuantizationConfiguration(json: quantization, file: configuration.path)
            }
        }
        let modelOpt = directory.appendingPathComponent(modelOptFileName)
        guard let json = try JSONFile.readIfPresent(modelOpt) else { return nil }
        return try QuantizationConfiguration(json: json, file: modelOpt.path)
    }

    /// Reads either a `quantization_config` object or the contents of `hf_quant_config.json`.
    ///
    /// - Parameter file: what to call it in errors.
    public init(json: JSONValue, file: String) throws(CheckpointError) {
        guard let root = json.object else {
            throw CheckpointError(.malformed, file: file, "its quantisation is not a JSON object")
        }
        let levels = [root["quantization"]?.object, root].compactMap(\.self)
        let reader = ConfigurationReader(file: file, levels: levels)
        // hf_quant_config.json has no quant_method: only ModelOpt writes it.
        let method = try reader.string("quant_method")?.lowercased() ?? (root["quantization"] == nil ? "" : "modelopt")
        switch method {
        case "compressed-tensors", "compressed_tensors":
            layout = .compressedTensors
            algorithm = try Self.compressedTensorsAlgorithm(reader)
        case _ where method.hasPrefix("modelopt"):
            layout = .modelOpt
            algorithm = try Self.modelOptAlgorithm(reader)
        default:
            throw reader.failure(
                .unsupported,
                "found quant_method '\(method)', expected modelopt or compressed-tensors with NVFP4 weights; "
                    + "start from the unquantised model and run 'annie quantize'")
        }
        let patterns = try reader.strings("ignore", "exclude_modules") ?? []
        var exclusions: [ModulePattern] = []
        for pattern in patterns { exclusions.append(try ModulePattern(pattern, file: file)) }
        self.exclusions = exclusions
        groupSize = try Self.groupSize(reader)
        keyValueCacheAlgorithm = Self.keyValueCache(reader)
        producer = reader["producer"].map { "\($0["name"]?.string ?? "") \($0["version"]?.string ?? "")" }
    }
}

extension QuantizationConfiguration {
    private static func modelOptAlgorithm(_ reader: ConfigurationReader) throws(CheckpointError) -> Algorithm {
        let name = try reader.string("quant_algo") ?? ""
        guard let algorithm = Algorithm(rawValue: name.uppercased()) else {
            let reasons = [
                "NVFP4_AWQ": " (its activations must be divided by a pre_quant_scale)",
                "MIXED_PRECISION": " (several formats in one checkpoint)",
            ]
            throw reader.failure(
                .unsupported,
                "found quant_algo '\(name)'\(reasons[name.uppercased()] ?? ""), expected NVFP4 or "
                    + "W4A16_NVFP4; start from the unquantised model and run 'annie quantize'")
        }
        return algorithm
    }

    private static func compressedTensorsAlgorithm(_ reader: ConfigurationReader) throws(CheckpointError) -> Algorithm {
        let groups = reader["config_groups"]?.object.map(Array.init) ?? []
        let format = try reader.string("format") ?? groups.first?.value["format"]?.string ?? ""
        guard format == "nvfp4-pack-quantized" else {
            throw reader.failure(
                .unsupported,
                "found compressed-tensors format '\(format)', expected nvfp4-pack-quantized; start from the "
                    + "unquantised model and run 'annie quantize'")
        }
        let quantizesInput = groups.contains { $0.value["input_activations"]?.object != nil }
        return quantizesInput ? .nvfp4 : .nvfp4WeightOnly
    }

    private static func groupSize(_ reader: ConfigurationReader) throws(CheckpointError) -> Int {
        let groups = reader["config_groups"]?.object.map(Array.init) ?? []
        let sizes = groups.compactMap { $0.value["weights"]?["group_size"] } + [reader["group_size"]].compactMap(\.self)
        for size in sizes where size.integer != 16 {
            throw reader.failure(
                .unsupported, "found group_size \(size.text()), expected 16, which NVFP4 is defined with")
        }
        return 16
    }

    /// A name in ModelOpt's file, an object or a name in `config.json`.
    private static func keyValueCache(_ reader: ConfigurationReader) -> String? {
        if let name = reader["kv_cache_quant_algo"]?.string ?? reader["kv_cache_scheme"]?.string { return name }
        guard let scheme = reader["kv_cache_scheme"]?.object else { return nil }
        return scheme["num_bits"]?.integer == 8 ? "FP8" : "\(scheme["num_bits"]?.integer ?? 0) bits"
    }
}
