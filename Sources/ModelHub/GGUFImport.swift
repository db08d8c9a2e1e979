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
///   - directory: where to put the model; it must not exist.
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
    let staged = try StagedDirectory(for: directory, overwrites: false)
    let total = importer.byteCount
    try FileSystem.requireSpace(total, at: staged.url)
    try importer.write(to: staged.url) { progress($0, total) }
    if let tokenizer {
        try staged.write(tokenizer.tokenizer.text(.pretty) + "\n", to: "tokenizer.json")
        try staged.write(tokenizer.configuration.text(.pretty) + "\n", to: "tokenizer_config.json")
    }
    if let template = metadata?.chatTemplate { try staged.write(template, to: "chat_template.jinja") }
    try staged.commit()
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
