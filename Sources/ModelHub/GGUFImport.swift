import Checkpoints
import Foundation
import JSON
import Tokenization

/// Imports a GGUF file as a complete Hugging Face directory: weights in bf16, configuration, tokenizer, chat template.
///
/// The directory is written beside `directory` under another name and renamed when it is complete.
///
/// - Parameters:
///   - file: GGUF version 2 or 3, of the architectures llama, qwen2 or qwen3.
///   - directory: where to put the model; must not exist, or be empty.
///   - progress: called with the bytes of weights written so far, and their total.
/// - Throws: `GGUFError`, `CheckpointError`, `TokenizerError` or ``ModelHubError``.
public func importGGUF(
    file: URL, to directory: URL, progress: (_ bytes: Int, _ total: Int) -> Void = { _, _ in }
) throws {
    let importer = try GGUFImporter(contentsOf: file)
    let metadata = try GGUFTokenizerMetadata(importer.file.metadata)
    let tokenizer = try metadata.map { metadata throws(TokenizerError) in
        try Tokenizer.huggingFaceJSON(fromGGUF: metadata)
    }
    if FileSystem.hasContents(directory) {
        throw ModelHubError.unwritable(path: directory.path, reason: "it exists and is not empty")
    }
    let parent = directory.deletingLastPathComponent()
    try FileSystem.makeDirectory(parent)
    let staging = parent.appending(path: ".\(directory.lastPathComponent).importing-\(getpid())")
    try? FileManager.default.removeItem(at: staging)
    try FileSystem.makeDirectory(staging)
    defer { try? FileManager.default.removeItem(at: staging) }
    try FileSystem.requireSpace(importer.byteCount, at: staging)
    let total = importer.byteCount
    try importer.write(to: staging) { progress($0, total) }
    if let tokenizer {
        try write(tokenizer.tokenizer, "tokenizer.json", staging)
        try write(tokenizer.configuration, "tokenizer_config.json", staging)
    }
    if let template = metadata?.chatTemplate {
        try Data(template.utf8).write(to: staging.appending(path: "chat_template.jinja"))
    }
    try? FileManager.default.removeItem(at: directory)
    try FileSystem.move(staging, to: directory)
}

private func write(_ json: JSONValue, _ name: String, _ directory: URL) throws {
    try Data((json.text(.pretty) + "\n").utf8).write(to: directory.appending(path: name))
}

extension GGUFTokenizerMetadata {
    /// What the file says about its tokenizer; nil for a file without one.
    init?(_ metadata: GGUFMetadata) throws(GGUFError) {
        guard let tokens = try metadata.strings("tokenizer.ggml.tokens") else { return nil }
        func id(_ name: String) throws(GGUFError) -> Int? { try metadata.integer("tokenizer.ggml.\(name)_token_id") }
        self.init(
            model: try metadata.string("tokenizer.ggml.model") ?? "",
            pretokenizer: try metadata.string("tokenizer.ggml.pre") ?? "default",
            tokens: tokens,
            tokenTypes: try metadata.integers("tokenizer.ggml.token_type") ?? [],
            merges: try metadata.strings("tokenizer.ggml.merges") ?? [],
            beginningOfSequenceID: try id("bos"), endOfSequenceID: try id("eos"), unknownID: try id("unknown"),
            paddingID: try id("padding"),
            addsBeginningOfSequence: try metadata.bool("tokenizer.ggml.add_bos_token"),
            chatTemplate: try metadata.string("tokenizer.chat_template"))
    }
}
