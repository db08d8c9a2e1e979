/// What shapes a configuration calls for, in the architectures whose tensors are known by name.
struct ShapeRules {
    private let model: ModelConfiguration

    init(_ model: ModelConfiguration) { self.model = model }

    /// Matrices that are missing or have another shape.
    func problems(in checkpoint: Checkpoint, linears: [Inspection.Linear]) -> [String] {
        guard ModelConfiguration.checkedTypes.contains(model.modelType) else { return [] }
        let shapes = Dictionary(linears.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        var problems: [String] = []
        for (module, expected) in expectedShapes() {
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

    private func expectedShapes() -> [(String, [Int])] {
        let hidden = model.hiddenSize
        let queries = model.headCount * model.headSize
        let keys = model.keyValueHeadCount * model.headSize
        var shapes: [(String, [Int])] = [("model.embed_tokens", [model.vocabularySize, hidden])]
        for layer in 0..<model.layerCount {
            let prefix = "model.layers.\(layer)"
            shapes += [
                ("\(prefix).self_attn.q_proj", [queries, hidden]), ("\(prefix).self_attn.k_proj", [keys, hidden]),
                ("\(prefix).self_attn.v_proj", [keys, hidden]), ("\(prefix).self_attn.o_proj", [hidden, queries]),
                ("\(prefix).mlp.gate_proj", [model.intermediateSize, hidden]),
                ("\(prefix).mlp.up_proj", [model.intermediateSize, hidden]),
                ("\(prefix).mlp.down_proj", [hidden, model.intermediateSize]),
            ]
        }
        return shapes + [("lm_head", [model.vocabularySize, hidden])]
    }
}
