import Foundation
import JSON
import Teaching

/// A tiny model with a tokenizer of bytes, and conversations for it; they go away with the value.
final class TinyLessons {
    let folder = FileManager.default.temporaryDirectory.appending(path: "annie-teaching-\(UUID().uuidString)")
    var model: URL { folder.appending(path: "model") }
    var data: URL { folder.appending(path: "data.jsonl") }

    /// - Parameters:
    ///   - endOfTurn: the id of the token that ends a turn; the model has 512.
    ///   - words: what the assistant answers, one after the other.
    init(endOfTurn: Int = 257, words: [String] = ["one", "two", "three", "four"]) throws {
        let files = FileManager.default
        try files.createDirectory(at: model, withIntermediateDirectories: true)
        let tiny = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/models/llama_tiny")
        for name in ["config.json", "model.safetensors"] {
            try files.copyItem(at: tiny.appending(path: name), to: model.appending(path: name))
        }
        try write(Self.tokenizer(endOfTurn: endOfTurn).text(), to: model.appending(path: "tokenizer.json"))
        try write(#"{"eos_token_id": \#(endOfTurn)}"#, to: model.appending(path: "generation_config.json"))
        try write(
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
                + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
            to: model.appending(path: "chat_template.jinja"))
        try teach(words)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes the data anew.
    func teach(_ words: [String]) throws {
        let lines = (0..<24).map { number in
            #"{"messages":[{"role":"user","content":"say \#(number)"},"#
                + #"{"role":"assistant","content":"\#(words[number % words.count])"}]}"#
        }
        try write(lines.joined(separator: "\n"), to: data)
    }

    private func write(_ text: String, to file: URL) throws {
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    var recipe: Recipe {
        var recipe = Recipe(base: model.path, data: [data.path], output: folder.appending(path: "out").path)
        recipe.heldOut = 0.3
        recipe.batchTokens = 256
        recipe.evaluateEvery = 1
        recipe.epochs = 20
        recipe.schedule = .constant
        recipe.warmUp = 0
        return recipe
    }

    private static func tokenizer(endOfTurn: Int) -> JSONValue {
        // The printable stand-ins that byte-level tokenizers write bytes as.
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        var vocabulary = JSONObject()
        var next = 256
        for byte in 0..<256 {
            let scalar = printable.contains(byte) ? byte : next
            if scalar == next { next += 1 }
            vocabulary[String(UnicodeScalar(UInt32(scalar)).map(Character.init) ?? "?")] = .integer(byte)
        }
        let added: [JSONValue] = [("<|im_start|>", 256), ("<|im_end|>", endOfTurn)].map { text, id in
            [
                "id": .integer(id), "content": .string(text), "special": true, "single_word": false,
                "lstrip": false, "rstrip": false, "normalized": false,
            ]
        }
        return [
            "version": "1.0", "added_tokens": .array(added), "normalizer": nil,
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
            "decoder": ["type": "ByteLevel"],
            "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": []],
        ]
    }
}

extension TinyLessons {
    /// Makes the head's row of one token that of another, in a model's single file of F32 weights.
    func equalise(_ token: Int, with other: Int) throws {
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
