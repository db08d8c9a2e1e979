import NVFP4

/// Which tensors of a checkpoint become what: decided and checked before the first byte is written.
package struct QuantizationPlan: Sendable {
    /// A matrix to be quantised.
    package struct Linear: Sendable {
        /// The name it is written under, without `.weight`.
        package let module: String
        package let source: TensorView
        /// Linears that share a tensor scale have the same; a lone one has its own.
        package let group: String

        package var rows: Int { source.shape[0] }
        package var columns: Int { source.shape[1] }
    }

    /// Matrices that become NVFP4, those of a group beside each other.
    package let linears: [Linear]
    /// The logits' matrix, when it becomes int8.
    package let int8Head: Linear?
    /// Tensors that are copied.
    package let copies: [TensorView]
    /// Modules with weights that stay as they are, for the exclude list.
    package let excludedModules: [String]
    /// Whether a matrix that was shared with the embedding gets one of its own.
    package let untiesHead: Bool
    /// Why a linear was left alone although nothing excluded it.
    package let notes: [String]

    private static let linearNames: Set<String> = [
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "in_proj_qkv", "in_proj_z",
        "out_proj",
    ]

    package init(
        _ checkpoint: Checkpoint, tiesEmbeddings: Bool, options: QuantizationOptions
    ) throws(CheckpointError) {
        let selection = try Self.select(checkpoint, options)
        var linears = selection.modules.map { module, source in
            Linear(
                module: module, source: source,
                group: FusedGroup(of: module).map { "\($0.parent).\($0.members[0])" } ?? module)
        }
        guard !linears.isEmpty else {
            throw CheckpointError(
                .unsupported, file: checkpoint.directory.path,
                "found no linear layer to quantise (\(Self.linearNames.sorted().joined(separator: ", ")) under 'layers'), "
                    + "or all of them are excluded")
        }
        var copies = checkpoint.names.compactMap { checkpoint.find($0) }
        var int8Head: Linear?
        untiesHead = options.head != .bfloat16 && tiesEmbeddings
        if options.head != .bfloat16 {
            let head = try Self.head(checkpoint, tiesEmbeddings: tiesEmbeddings, format: options.head)
            if options.head == .nvfp4 { linears.append(head) } else { int8Head = head }
        }
        let replaced = Set((linears + [int8Head].compactMap(\.self)).map { $0.module + ".weight" })
        copies.removeAll { replaced.contains($0.name) }
        self.copies = copies
        self.linears = linears.sorted {
            $0.group == $1.group
                ? $0.module.naturallyPrecedes($1.module) : $0.group.naturallyPrecedes($1.group)
        }
        self.int8Head = int8Head
        notes = selection.notes
        excludedModules = Self.excludedModules(copies, quantizesHead: options.head == .nvfp4)
    }
}

extension QuantizationPlan {
    private static func isDecoderLinear(_ module: String) -> Bool {
        module.contains("layers.") && linearNames.contains(module.splitAtLastDot().name)
    }

    /// The linears to quantise, with their weights.
    private static func select(
        _ checkpoint: Checkpoint, _ options: QuantizationOptions
    ) throws(CheckpointError) -> (modules: [(String, TensorView)], notes: [String]) {
        var patterns: [ModulePattern] = []
        for text in QuantizationOptions.alwaysExcluded + options.exclusions { patterns.append(try ModulePattern(text)) }
        var modules: [(String, TensorView)] = []
        var reasons: [String: String] = [:]
        for name in checkpoint.names {
            guard let module = name.moduleOfWeight, isDecoderLinear(module) else {
                try refuseQuantized(name, in: checkpoint)
                continue
            }
            let weight = try checkpoint.tensor(name)
            if let pattern = patterns.first(where: { $0.matches(module) }) {
                reasons[module] = "'\(pattern)' excludes it"
            } else if let reason = try reasonToKeep(weight) {
                reasons[module] = reason
            } else {
                modules.append((module, weight))
            }
        }
        try requireWholeGroups(modules.map(\.0), reasons, file: checkpoint.directory.path)
        let notes = reasons.filter { !$0.value.contains("excludes") }.map { "\($0.key): \($0.value)" }
        return (modules, notes.sorted())
    }

    private static func reasonToKeep(_ weight: TensorView) throws(CheckpointError) -> String? {
        guard weight.dataType.isDenseWeight else {
            throw weight.failure(
                .unsupported,
                "found type \(weight.dataType.rawValue), expected BF16, F16 or F32; a model is quantised from "
                    + "its unquantised form")
        }
        guard weight.shape.count == 2 else { return "its shape \(weight.shape) is not a matrix's" }
        guard weight.shape[0] > 0, weight.shape[1] > 0, weight.shape[1].isMultiple(of: NVFP4Format.blockSize) else {
            return "\(weight.shape[1]) inputs cannot be split into blocks of \(NVFP4Format.blockSize)"
        }
        return nil
    }

    /// A quantised checkpoint cannot be quantised again: its scales would be copied beside codes that no longer fit.
    private static func refuseQuantized(_ name: String, in checkpoint: Checkpoint) throws(CheckpointError) {
        let suffixes = [
            ".weight_scale", ".weight_scale_2", ".weight_packed", ".weight_global_scale", ".weight_scale_inv",
        ]
        guard suffixes.contains(where: name.hasSuffix) else { return }
        throw try checkpoint.tensor(name).failure(
            .unsupported, "the checkpoint is already quantised; start from its unquantised form")
    }

    private static func requireWholeGroups(
        _ selected: [String], _ reasons: [String: String], file: String
    ) throws(CheckpointError) {
        let selected = Set(selected)
        for module in selected.sorted() {
            guard let group = FusedGroup(of: module) else { continue }
            for member in group.modules where !selected.contains(member) {
                guard let reason = reasons[member] else { continue }
                throw CheckpointError(
                    .unsupported, file: file,
                    "\(member) would not be quantised (\(reason)) while \(module) would; "
                        + "\(group.members.joined(separator: ", ")) are joined into one matrix when the model is served, so "
                        + "exclude all of them or none")
            }
        }
    }

    private static func head(
        _ checkpoint: Checkpoint, tiesEmbeddings: Bool, format: QuantizationOptions.HeadFormat
    ) throws(CheckpointError) -> Linear {
        let own = checkpoint.names.first { $0 == "lm_head.weight" || $0.hasSuffix(".lm_head.weight") }
        let embedding = checkpoint.names.first { $0.hasSuffix("embed_tokens.weight") && !$0.contains("visual") }
        guard let name = tiesEmbeddings ? embedding ?? own : own else {
            throw CheckpointError(
                .missing, file: checkpoint.directory.path, tensor: "lm_head.weight",
                "not there, so there is nothing to write as \(format.rawValue); config.json says that it is "
                    + (tiesEmbeddings ? "the embedding, which is missing too" : "a matrix of its own"))
        }
        let source = try checkpoint.tensor(name)
        guard source.dataType.isDenseWeight, source.shape.count == 2,
            format == .int8 || source.shape[1].isMultiple(of: NVFP4Format.blockSize)
        else {
            throw source.failure(
                .unsupported,
                "found \(source.dataType.rawValue) \(source.shape); it cannot be written as \(format.rawValue)")
        }
        return Linear(module: own?.moduleOfWeight ?? "lm_head", source: source, group: "lm_head")
    }

    /// The exclude list: every matrix that stays as it is, `lm_head` even when it is the embedding, and whole towers by a
    /// pattern.
    private static func excludedModules(_ copies: [TensorView], quantizesHead: Bool) -> [String] {
        var modules: Set<String> = quantizesHead ? [] : ["lm_head"]
        for copy in copies where copy.shape.count >= 2 {
            guard let module = copy.name.moduleOfWeight else { continue }
            if let tower = ["visual", "vision", "mtp"].first(where: {
                module.split(separator: ".").contains(Substring($0))
            }) {
                let parts = module.split(separator: ".").prefix { $0 != tower } + [Substring(tower)]
                modules.insert(parts.joined(separator: ".") + "*")
            } else {
                modules.insert(module)
            }
        }
        return modules.sorted { $0.naturallyPrecedes($1) }
    }
}

extension String {
    /// Whether this comes first when numbers inside names are compared as numbers: layer 2 before layer 10.
    func naturallyPrecedes(_ other: String) -> Bool {
        let left = split(separator: ".")
        let right = other.split(separator: ".")
        for (a, b) in zip(left, right) where a != b {
            if let a = Int(a), let b = Int(b) { return a < b }
            return a < b
        }
        return left.count < right.count
    }
}
