import JSON

/// Which tensors go into which file, so that no file is larger than asked and a module's tensors stay together.
package struct ShardPlan {
    /// Declarations per file.
    package private(set) var shards: [[TensorDeclaration]] = []

    /// Tensors of a module are kept together.
    package init(_ modules: [[TensorDeclaration]], shardSize: Int) {
        var current: [TensorDeclaration] = []
        var size = 0
        for module in modules {
            let bytes = module.reduce(0) { $0 + $1.byteCount }
            if size + bytes > shardSize, !current.isEmpty {
                shards.append(current)
                (current, size) = ([], 0)
            }
            current += module
            size += bytes
        }
        shards.append(current)
    }

    /// The file names: one plain one, or numbered ones.
    package var names: [String] {
        guard shards.count > 1 else { return [Checkpoint.singleFile] }
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        }
        return shards.indices.map { "model-\(padded($0 + 1))-of-\(padded(shards.count)).safetensors" }
    }

    /// The index of several files; nil for one.
    package var index: JSONValue? {
        guard shards.count > 1 else { return nil }
        var map: [(String, JSONValue)] = []
        for (name, shard) in zip(names, shards) { map += shard.map { ($0.name, .string(name)) } }
        let total = shards.joined().reduce(0) { $0 + $1.byteCount }
        return [
            "metadata": ["total_size": .integer(total)],
            "weight_map": .object(JSONObject(map.sorted { $0.0 < $1.0 })),
        ]
    }
}
