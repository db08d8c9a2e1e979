import CKernels
import Checkpoints
import Foundation
import JSON

// Adapters as PEFT reads and writes them.
extension Trainer {
    private static let weightsFile = "adapter_model.safetensors"
    private static let prefix = "base_model.model."
    /// Beside PEFT's own files: the scales that a quantisation-aware run settled, without which the same adapter would be
    /// rounded to other weights.
    private static let scalesFile = "nvfp4_scales.json"

    /// Writes the adapters in PEFT's format: `adapter_config.json` and `adapter_model.safetensors`.
    ///
    /// - Parameters:
    ///   - baseModel: what PEFT loads the adapter onto; nil writes the name of the base's directory.
    ///   - dataType: fp32, or bf16 for half the bytes; what is read back is then rounded, and so is what it folds to.
    /// - Throws: ``TrainingError`` when the run has no adapters, `CheckpointError` when they cannot be written.
    public func exportAdapter(
        to destination: URL, baseModel: String? = nil, dataType: TensorDataType = .float32, overwrites: Bool = false
    ) throws {
        guard let adapters else {
            throw TrainingError.badOptions("this run trains every parameter, so there is no adapter; export the model")
        }
        let staged = try StagedDirectory(for: destination, overwrites: overwrites)
        let writer = try SafetensorsWriter(
            url: staged.url.appending(path: Self.weightsFile),
            tensors: block.parameters.map { TensorDeclaration(Self.prefix + $0.name, dataType, $0.shape) })
        for parameter in block.parameters {
            let values = UnsafeBufferPointer(
                start: block.values + parameter.range.lowerBound, count: parameter.range.count)
            guard dataType == .bfloat16 else {
                try writer.append(UnsafeRawBufferPointer(values), to: Self.prefix + parameter.name)
                continue
            }
            var halves = [UInt16](repeating: 0, count: values.count)
            annie_bf16_from_f32_array(&halves, values.baseAddress, values.count)
            try halves.withUnsafeBytes { try writer.append($0, to: Self.prefix + parameter.name) }
        }
        try writer.finish()
        try staged.write(
            adapters.options.json(
                baseModel: baseModel ?? modelDirectory.lastPathComponent, lastLayer: adapters.lastLayer
            ).text(.pretty) + "\n",
            to: LoRAOptions.fileName)
        if let quantization {
            weights.prepare(pool)
            let scales: JSONValue = [
                "weight_amax": Self.bits(quantization.weightAmax), "input_amax": Self.bits(quantization.inputAmax),
            ]
            try staged.write(scales.text(.pretty) + "\n", to: Self.scalesFile)
        }
        try staged.commit()
    }

    /// Takes the adapters of a PEFT directory, of the rank and targets that the options name (see
    /// ``LoRAOptions/init(adapterDirectory:)``).
    ///
    /// - Throws: ``TrainingError`` or `CheckpointError` when they do not fit; then nothing has changed.
    public func loadAdapter(from directory: URL) throws {
        guard let adapters else { throw TrainingError.badOptions("this run has no adapters to load into") }
        guard try LoRAOptions(adapterDirectory: directory).scale == adapters.options.scale else {
            throw TrainingError.badCheckpoint(
                "the adapter in \(directory.path) has another rank or alpha; make the options from its directory")
        }
        let file = try SafetensorsFile(path: directory.appending(path: Self.weightsFile).path)
        let names = Set(block.parameters.map { Self.prefix + $0.name })
        guard let unknown = file.names.first(where: { !names.contains($0) }) else {
            let tensors = try block.parameters.map { parameter in
                let tensor = try file.tensor(Self.prefix + parameter.name)
                try tensor.requireShape(parameter.shape, because: "the base model and the adapter's rank")
                guard tensor.dataType.isDenseWeight else {
                    throw tensor.failure(.mismatched, "found type \(tensor.dataType.rawValue), expected F32 or BF16")
                }
                return (parameter, tensor)
            }
            let scales = directory.appending(path: Self.scalesFile)
            if let quantization, FileManager.default.fileExists(atPath: scales.path) {
                let json = try JSONFile.read(scales)
                quantization.restore(
                    weightAmax: try Self.amax(json["weight_amax"]), inputAmax: try Self.amax(json["input_amax"]))
            }
            for (parameter, tensor) in tensors {
                tensor.copyFloats(
                    into: UnsafeMutableBufferPointer(
                        start: block.values + parameter.range.lowerBound, count: parameter.range.count))
            }
            weights.invalidateAll()
            return
        }
        throw TrainingError.badCheckpoint(
            "the adapter in \(directory.path) has \(unknown), which is not one of the base model's adapted layers")
    }
}

extension LoRAOptions {
    static let fileName = "adapter_config.json"

    /// Rank, alpha and targets of a PEFT adapter.
    ///
    /// - Throws: `CheckpointError` when it cannot be read, ``TrainingError`` for forms of LoRA that are not supported.
    public init(adapterDirectory: URL) throws {
        let url = adapterDirectory.appending(path: Self.fileName)
        let json = try JSONFile.read(url)
        guard json["peft_type"]?.string == "LORA", let rank = json["r"]?.integer, rank > 0,
            let alpha = json["lora_alpha"]?.double, let targets = json["target_modules"]?.array?.compactMap(\.string),
            !targets.isEmpty
        else {
            throw TrainingError.badCheckpoint(
                "\(url.path) is not a LoRA adapter's: expected peft_type LORA, r, lora_alpha and a list target_modules")
        }
        for (key, plain) in Self.plainForms where json[key].map({ !plain.contains($0) }) == true {
            throw TrainingError.badCheckpoint(
                "\(url.path): \(key) is \(json[key]?.text() ?? ""), which is not supported; only plain LoRA is")
        }
        self.init()
        self.rank = rank
        self.alpha = Float(alpha)
        self.targets = targets.sorted()
        firstLayer = try Self.firstLayer(json["layers_to_transform"] ?? nil, in: url)
    }

    /// Of a list of layers that leaves none out in between; no list, or an empty one, means all layers.
    private static func firstLayer(_ json: JSONValue, in url: URL) throws(TrainingError) -> Int {
        if json == nil || json == [] { return 0 }
        let layers = json.array?.compactMap(\.integer) ?? []
        guard let first = layers.first, (0..<1 << 20).contains(first),
            json == .array((first..<first + layers.count).map(JSONValue.integer))
        else {
            throw .badCheckpoint(
                "\(url.path): layers_to_transform is \(json.text()), which is not supported; expected all layers from one "
                    + "number on")
        }
        return first
    }

    /// What the keys that change the arithmetic must be.
    private static let plainForms: [(String, [JSONValue])] = [
        ("use_dora", [false, nil]), ("use_rslora", [false, nil]), ("use_qalora", [false, nil]),
        ("use_bdlora", [false, nil]), ("layer_replication", [nil, []]), ("alora_invocation_tokens", [nil, []]),
        ("lora_bias", [false, nil]), ("fan_in_fan_out", [false, nil]),
        ("bias", ["none"]), ("modules_to_save", [nil, []]), ("rank_pattern", [[:], nil]),
        ("alpha_pattern", [[:], nil]), ("layers_pattern", [nil, []]),
    ]

    /// What PEFT reads.
    func json(baseModel: String, lastLayer: Int) -> JSONValue {
        [
            "base_model_name_or_path": .string(baseModel), "bias": "none", "fan_in_fan_out": false,
            "inference_mode": true, "init_lora_weights": true,
            // All layers from one on, those without a target among them.
            "layers_to_transform": firstLayer == 0
                ? nil : .array((firstLayer...max(firstLayer, lastLayer)).map(JSONValue.integer)),
            "lora_alpha": .number(Double(alpha)),
            "lora_dropout": 0.0, "modules_to_save": nil, "peft_type": "LORA", "r": .integer(rank),
            "target_modules": .array(targets.map(JSONValue.string)), "task_type": "CAUSAL_LM", "use_dora": false,
            "use_rslora": false,
        ]
    }
}
