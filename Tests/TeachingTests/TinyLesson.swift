import Foundation
import JSON
import Teaching

/// A lesson that takes no time.
enum TinyLesson {
    /// A tiny model with a tokenizer of bytes, and conversations for it.
    static func recipe(in folder: URL) throws -> (Recipe, URL) {
        let files = FileManager.default
        let model = folder.appending(path: "model")
        try files.createDirectory(at: model, withIntermediateDirectories: true)
        let tiny = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/models/llama_tiny")
        for name in ["config.json", "model.safetensors"] {
            try files.copyItem(at: tiny.appending(path: name), to: model.appending(path: name))
        }
        try Self.tokenizer.text().write(
            to: model.appending(path: "tokenizer.json"), atomically: true, encoding: .utf8)
        try #"{"eos_token_id": 257}"#.write(
            to: model.appending(path: "generation_config.json"), atomically: true, encoding: .utf8)
        let template =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
        try template.write(to: model.appending(path: "chat_template.jinja"), atomically: true, encoding: .utf8)
        let lines = (0..<24).map { number in
            let words = ["one", "two", "three", "four"][number % 4]
            return #"{"messages":[{"role":"user","content":"say \#(number)"},"#
                + #"{"role":"assistant","content":"\#(words)"}]}"#
        }
        let data = folder.appending(path: "data.jsonl")
        try lines.joined(separator: "\n").write(to: data, atomically: true, encoding: .utf8)
        var recipe = Recipe(base: model.path, data: [data.path], output: folder.appending(path: "out").path)
        recipe.heldOut = 0.3
        recipe.batchTokens = 256
        recipe.evaluateEvery = 1
        recipe.epochs = 20
        recipe.schedule = .constant
        recipe.warmUp = 0
        return (recipe, model)
    }

    private static let tokenizer: JSONValue = {
        // The printable stand-ins that byte-level tokenizers write bytes as.
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        var vocabulary = JSONObject()
        var next = 256
        for byte in 0..<256 {
            let scalar = printable.contains(byte) ? byte : next
            if scalar == next { next += 1 }
            vocabulary[String(UnicodeScalar(UInt32(scalar)).map(Character.init) ?? "?")] = .integer(byte)
        }
        let added: [JSONValue] = ["<|im_start|>", "<|im_end|>"].enumerated().map { index, text in
            [
                "id": .integer(256 + index), "content": .string(text), "special": true, "single_word": false,
                "lstrip": false, "rstrip": false, "normalized": false,
            ]
        }
        return [
            "version": "1.0", "added_tokens": .array(added), "normalizer": nil,
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
            "decoder": ["type": "ByteLevel"],
            "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": []],
        ]
    }()
}

extension TinyLesson {
    /// Makes the head's row of one token that of another, in a model's single file of F32 weights.
    static func equalise(_ token: Int, with other: Int, in model: URL) throws {
        let url = model.appending(path: "model.safetensors")
        var bytes = try Data(contentsOf: url)
        let length = Int(bytes.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let header = try JSONValue(parsing: bytes[8..<8 + length])
        let head = header["lm_head.weight"] ?? header["model.embed_tokens.weight"]
        guard let columns = head?["shape"]?[1]?.integer, let start = head?["data_offsets"]?[0]?.integer,
            let type = head?["dtype"]?.string
        else { throw CocoaError(.fileReadCorruptFile) }
        let rowBytes = columns * (type == "F32" ? 4 : 2)
        func row(_ index: Int) -> Range<Int> {
            let first = 8 + length + start + index * rowBytes
            return first..<first + rowBytes
        }
        bytes.replaceSubrange(row(token), with: bytes.subdata(in: row(other)))
        try bytes.write(to: url)
    }
}
