import JSON

/// What vLLM's ModelOpt loader asks of an NVFP4 checkpoint, checked without running it.
///
/// Shapes, types and values of single matrices are checked where they are read (``Checkpoint/linear(_:rows:columns:)``);
/// here is what concerns several of them, or them and the configuration.
struct QuantizationRules {
    let checkpoint: Checkpoint
    /// What the checkpoint says of its quantisation; nil when it says nothing, or nothing readable.
    let configuration: QuantizationConfiguration?
    /// `hf_quant_config.json`, if there is one.
    let modelOptFile: JSONValue?

    private static let scaleSuffixes = [
        ".weight_scale", ".weight_scale_2", ".input_scale", ".weight_global_scale", ".input_global_scale", ".k_scale",
        ".v_scale", ".pre_quant_scale",
    ]

    /// Whether a tensor is a scale and not a weight.
    static func isScale(_ name: String) -> Bool { scaleSuffixes.contains(where: name.hasSuffix) }

    private var quantizedModules: [String] {
        let suffixes = [".weight_scale_2", ".weight_global_scale"]
        return checkpoint.names.compactMap { name in
            suffixes.first(where: name.hasSuffix).map { String(name.dropLast($0.count)) }
        }
    }

    /// What makes the checkpoint unloadable.
    func problems() -> [String] {
        let modules = quantizedModules
        return configurationProblems(quantizes: !modules.isEmpty) + modules.flatMap(moduleProblems)
            + unclaimedProblems() + groupProblems(Set(modules))
    }

    /// What loads but is worth knowing.
    func warnings() -> [String] {
        var warnings: [String] = []
        let modules = quantizedModules
        for module in modules {
            guard let (rows, columns) = checkpoint.matrixShape(module) else { continue }
            if !rows.isMultiple(of: 32) || !columns.isMultiple(of: 32) {
                warnings.append("\(module): \(rows) x \(columns) is not a multiple of 32 both ways; vLLM pads it")
            }
        }
        for group in groups() {
            for scale in ["weight_scale_2", "input_scale", "weight_global_scale", "input_global_scale"] {
                let values = Set(group.modules.compactMap { try? checkpoint.find("\($0).\(scale)")?.scalar() })
                guard values.count > 1 else { continue }
                warnings.append(
                    "\(group.parent): \(scale) differs within \(group.members.joined(separator: ", ")); vLLM takes the "
                        + "largest for all of them without rescaling the blocks, which gives wrong weights")
            }
        }
        if checkpoint.find("lm_head.weight")?.dataType == .int8 {
            warnings.append("lm_head: int8 is Annie's own format; vLLM, SGLang and TensorRT-LLM do not load it")
        }
        return warnings + exclusionWarnings()
    }

    // MARK: Configuration

    private func configurationProblems(quantizes: Bool) -> [String] {
        var problems: [String] = []
        if quantizes, configuration == nil {
            problems.append("the tensors are quantised, but neither config.json nor hf_quant_config.json says how")
        }
        if !quantizes, let configuration {
            problems.append("config.json claims \(configuration.algorithm.rawValue), but no tensor is quantised")
        }
        guard let modelOptFile else { return problems }
        for key in ["quant_algo", "group_size", "kv_cache_quant_algo", "exclude_modules"]
        where modelOptFile["quantization"]?[key] == nil {
            problems.append(
                "hf_quant_config.json: quantization.\(key) is missing; vLLM refuses the checkpoint without it")
        }
        if let configuration, let name = modelOptFile["quantization"]?["quant_algo"]?.string,
            name.uppercased() != configuration.algorithm.rawValue
        {
            problems.append(
                "hf_quant_config.json says quant_algo \(name), config.json \(configuration.algorithm.rawValue)")
        }
        return problems
    }

    private func exclusionWarnings() -> [String] {
        guard let configuration else { return [] }
        var warnings: [String] = []
        if let listed = modelOptFile?["quantization"]?["exclude_modules"]?.array?.compactMap(\.string),
            Set(listed) != Set(configuration.exclusions.map(\.description))
        {
            warnings.append("config.json's ignore and hf_quant_config.json's exclude_modules are not the same list")
        }
        let modules = checkpoint.names.map { $0.splitAtLastDot().parent }
        for pattern in configuration.exclusions
        where pattern.description != "lm_head" && !modules.contains(where: pattern.matches) {
            warnings.append("the exclude list names '\(pattern)', which is not in the checkpoint")
        }
        return warnings
    }

    // MARK: Modules

    private func moduleProblems(_ module: String) -> [String] {
        guard let configuration else { return [] }
        var problems: [String] = []
        if configuration.excludes(module) {
            problems.append("\(module): is quantised, but on the exclude list")
        }
        let inputScale = configuration.layout == .modelOpt ? "input_scale" : "input_global_scale"
        if configuration.algorithm == .nvfp4, !checkpoint.contains("\(module).\(inputScale)") {
            problems.append("\(module).\(inputScale): missing, NVFP4 needs it (W4A16_NVFP4 does not)")
        }
        return problems
    }

    /// Linears that a loader would expect packed, and are not.
    private func unclaimedProblems() -> [String] {
        guard let configuration else { return [] }
        return checkpoint.names.compactMap { name in
            guard name.hasSuffix("_proj.weight"), let module = name.moduleOfWeight, let weight = checkpoint.find(name),
                weight.dataType != .uint8, !configuration.excludes(module)
            else { return nil }
            return "\(name): is \(weight.dataType.rawValue), but not on the exclude list; a loader expects NVFP4"
        }
    }

    // MARK: Fused groups

    private func groupProblems(_ quantized: Set<String>) -> [String] {
        guard let configuration else { return [] }
        var problems: [String] = []
        for group in groups() {
            let members = group.members.joined(separator: ", ")
            if Set(group.modules.map(quantized.contains)).count > 1 {
                problems.append("\(group.parent): of \(members) only some are quantised; a loader joins them")
            }
            if Set(group.modules.map(configuration.excludes)).count > 1 {
                problems.append("\(group.parent): of \(members) only some are on the exclude list; a loader joins them")
            }
        }
        return problems
    }

    /// The fused groups of the checkpoint, with the members that it has.
    private func groups() -> [(parent: String, members: [String], modules: [String])] {
        let modules = checkpoint.names.compactMap { $0.moduleOfWeight ?? $0.moduleOfPackedWeight }
        let present = Set(modules)
        return Set(modules.compactMap(FusedGroup.init(of:))).map { group in
            let members = zip(group.members, group.modules).filter { present.contains($0.1) }
            return (group.parent, members.map(\.0), members.map(\.1))
        }.filter { $0.modules.count > 1 }.sorted { $0.parent.naturallyPrecedes($1.parent) }
    }
}
