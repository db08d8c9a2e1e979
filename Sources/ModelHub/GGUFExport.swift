import Checkpoints
import Foundation
import JSON
import Tokenization

/// Exports a Hugging Face directory, in bf16 or NVFP4, as a GGUF file with its tokenizer and chat template.
///
/// - Parameters:
///   - directory: the model.
///   - file: the file to make; replaced if it exists.
///   - denseFormat: how the embedding and other matrices that are not NVFP4 are written.
///   - progress: called with the bytes written so far, and their total.
/// - Throws: `GGUFError`, `CheckpointError`, or ``ModelHubError`` for a tokenizer that GGUF cannot express.
public func exportGGUF(
    directory: URL, to file: URL, denseFormat: GGUFExporter.DenseFormat = .bfloat16,
    progress: (_ bytes: Int, _ total: Int) -> Void = { _, _ in }
) throws {
    let exporter = try GGUFExporter(directory: directory, denseFormat: denseFormat)
    let tokenizer = try GGUFTokenizerExport(directory: directory, vocabularySize: exporter.model.vocabularySize)
    try exporter.write(to: file, tokenizer: tokenizer.metadata, progress: progress)
}
