/// What shapes a configuration calls for, in the architectures whose tensors are known by name.
struct ShapeRules {
    private let model: ModelConfiguration

    init(_ model: ModelConfiguration) { self.model = model }

    /// Matrices that are missing or have another shape.
    func problems(in checkpoint: Checkpoint, linears: [Inspection.Linear]) -> [String] {
        guard ModelConfiguration.checkedTypes.contains(model.modelType) else { return [] }
        let shapes = Dictionary(linears.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        var problems: [String] = []
        for (module, expected) in expectedShapes(decoder: checkpoint.decoderPrefix) {
            guard let found = shapes[module] else {
                // A tied head is not stored; a matrix that could not be read has its own problem already.
                if checkpoint.matrixShape(module) == nil, module != "lm_head" || !model.tiesEmbeddings {
                    problems.append("\(module).weight: missing, config.json calls for it")
                }
                continue
            }
            if found != expected {
                problems.append("\(module).weight: found shape \(found), config.json calls for \(expected)")
            }
        }
        return problems
    }

    private func expectedShapes(decoder: String) -> [(String, [Int])] {
        let hidden = model.hiddenSize
        var shapes: [(String, [Int])] = [("\(decoder)embed_tokens", [model.vocabularySize, hidden])]
        for layer in 0..<model.layerCount {
            let prefix = "\(decoder)layers.\(layer)"
            shapes += isLinearAttention(layer) ? linearAttention(prefix) : fullAttention(prefix)
            shapes += [
                ("\(prefix).mlp.gate_proj", [model.intermediateSize, hidden]),
                ("\(prefix).mlp.up_proj", [model.intermediateSize, hidden]),
                ("\(prefix).mlp.down_proj", [hidden, model.intermediateSize]),
            ]
        }
        return shapes + [("lm_head", [model.vocabularySize, hidden])]
    }

    private func isLinearAttention(_ layer: Int) -> Bool {
        guard let sizes = model.linearAttention else { return false }
        let interval = sizes.fullAttentionInterval ?? 4
        return (model.layerTypes?[layer] ?? ModelConfiguration.layerType(layer, interval: interval)) != "full_attention"
    }

    private func fullAttention(_ prefix: String) -> [(String, [Int])] {
        let hidden = model.hiddenSize
        let queries = model.headCount * model.headSize
        let keys = model.keyValueHeadCount * model.headSize
        let gated = model.linearAttention?.gatesAttention == true
        return [
            ("\(prefix).self_attn.q_proj", [gated ? 2 * queries : queries, hidden]),
            ("\(prefix).self_attn.k_proj", [keys, hidden]), ("\(prefix).self_attn.v_proj", [keys, hidden]),
            ("\(prefix).self_attn.o_proj", [hidden, queries]),
        ]
    }

    private func linearAttention(_ prefix: String) -> [(String, [Int])] {
        guard let sizes = model.linearAttention else { return [] }
        let hidden = model.hiddenSize
        return [
            ("\(prefix).linear_attn.in_proj_qkv", [2 * sizes.keyWidth + sizes.valueWidth, hidden]),
            ("\(prefix).linear_attn.in_proj_z", [sizes.valueWidth, hidden]),
            ("\(prefix).linear_attn.in_proj_a", [sizes.valueHeadCount, hidden]),
            ("\(prefix).linear_attn.in_proj_b", [sizes.valueHeadCount, hidden]),
            ("\(prefix).linear_attn.out_proj", [hidden, sizes.valueWidth]),
        ]
    }
}

extension Checkpoint {
    /// What stands before `layers`, told by where the embeddings are: the decoder may be beside a vision tower.
    fileprivate var decoderPrefix: String {
        let embeddings = "embed_tokens.weight"
        let name = names.first { name in
            name.hasSuffix(embeddings) && !name.split(separator: ".").contains { $0 == "visual" || $0 == "mtp" }
        }
        return name.map { String($0.dropLast(embeddings.count)) } ?? "model."
    }
}
