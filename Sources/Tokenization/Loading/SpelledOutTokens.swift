import Foundation
import JSON

/// A checkpoint's tokenizer without some of its added tokens, whose text is then written in ordinary ones.
///
/// Bases bring tokens that they never learned: all of these have one row in the head, so that no teaching that leaves the
/// head alone can tell one from another. (Qwen2.5-Coder-1.5B's `<tool_call>` is such a one.) Spelled out, it is several
/// tokens that the base knows well; parsers of replies read text and notice no difference.
public struct SpelledOutTokens: Sendable {
    /// The files that change, by name.
    public let files: [String: JSONValue]

    private static let list = "tokenizer.json"
    private static let configuration = "tokenizer_config.json"

    /// Takes tokens, named by their text, out of the files of a directory.
    ///
    /// - Throws: `TokenizerError` when it has no `tokenizer.json`, or a text is none of its added tokens.
    public init(_ tokens: [String], of directory: URL) throws {
        let out = Set(tokens)
        let json = try Self.read(directory.appending(path: Self.list))
        let known = Set((json["added_tokens"]?.array ?? []).compactMap { $0["content"]?.string })
        guard let missing = tokens.first(where: { !known.contains($0) }) else {
            var files = [Self.list: Self.without(out, json)]
            for name in [Self.configuration, "special_tokens_map.json", "added_tokens.json"] {
                let file = directory.appending(path: name)
                guard FileManager.default.fileExists(atPath: file.path) else { continue }
                files[name] = Self.without(out, try Self.read(file))
            }
            self.files = files
            return
        }
        throw TokenizerError.malformed(
            field: "added_tokens", expected: "the token '\(missing)', which is to be spelled out",
            found: known.isEmpty ? "none" : known.sorted().joined(separator: " "))
    }

    /// The tokenizer of these files.
    ///
    /// - Throws: `TokenizerError`.
    public func tokenizer() throws -> Tokenizer {
        try Tokenizer(tokenizerJSON: files[Self.list] ?? nil, configuration: files[Self.configuration])
    }

    /// Writes the files over those of a checkpoint.
    public func write(to directory: URL) throws {
        for (name, json) in files {
            try Data(json.text().utf8).write(to: directory.appending(path: name), options: .atomic)
        }
    }

    private static func read(_ file: URL) throws -> JSONValue {
        let data = try Tokenizer.read(file)
        do { return try JSONValue(parsing: data) } catch {
            throw TokenizerError.invalidJSON(file: file.path, reason: "\(error)")
        }
    }

    /// What the four files have in common: lists of tokens, and mappings from a token or to one, at the top or one below.
    private static func without(_ out: Set<String>, _ json: JSONValue) -> JSONValue {
        func names(_ value: JSONValue) -> Bool {
            out.contains(value.string ?? value["content"]?.string ?? "")
        }
        guard let root = json.object else { return json }
        return .object(
            JSONObject(
                root.compactMap { key, value -> (String, JSONValue)? in
                    if out.contains(key) { return nil }
                    switch key {
                    case "added_tokens", "additional_special_tokens":
                        return (key, .array((value.array ?? []).filter { !names($0) }))
                    case "added_tokens_decoder":
                        return (key, .object(JSONObject((value.object ?? JSONObject()).filter { !names($0.value) })))
                    default: return (key, value)
                    }
                }))
    }
}
