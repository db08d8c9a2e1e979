import Foundation
import JSON

/// How the tensors of a checkpoint are spread over files, by Hugging Face's rule: in order, each file as full as may be.
struct SafetensorsShards {
    /// The tensors of each file.
    let shards: [[TensorDeclaration]]

    init(_ tensors: [TensorDeclaration], shardBytes: Int) {
        var shards: [[TensorDeclaration]] = [[]]
        var size = 0
        for tensor in tensors {
            if size > 0, size + tensor.byteCount > shardBytes {
                shards.append([])
                size = 0
            }
            shards[shards.count - 1].append(tensor)
            size += tensor.byteCount
        }
        self.shards = shards
    }

    /// Where a shard is written: `model.safetensors`, or `model-00001-of-00002.safetensors`.
    func url(_ index: Int, in directory: URL) -> URL { directory.appending(path: fileName(index)) }

    /// Writes the index that names each tensor's file; a single file needs none.
    func writeIndex(to directory: URL) throws {
        guard shards.count > 1 else { return }
        var map: [(String, JSONValue)] = []
        for (index, shard) in shards.enumerated() {
            map += shard.map { ($0.name, .string(fileName(index))) }
        }
        let total = shards.joined().reduce(0) { $0 + $1.byteCount }
        let json: JSONValue = [
            "metadata": ["total_size": .integer(total)],
            "weight_map": .object(JSONObject(map.sorted { $0.0 < $1.0 })),
        ]
        let url = directory.appending(path: "model.safetensors.index.json")
        try Data((json.text(.pretty) + "\n").utf8).write(to: url)
    }

    private func fileName(_ index: Int) -> String {
        guard shards.count > 1 else { return "model.safetensors" }
        func padded(_ number: Int) -> String {
            String(repeating: "0", count: max(0, 5 - "\(number)".count)) + "\(number)"
        }
        return "model-\(padded(index + 1))-of-\(padded(shards.count)).safetensors"
    }
}
