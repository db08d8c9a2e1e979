import Foundation
import JSON

extension Tokenizer {
    /// Loads a checkpoint's tokenizer: `tokenizer.json`, and `tokenizer_config.json` where there is one.
    ///
    /// - Throws: `TokenizerError`.
    public init(contentsOf directory: URL) throws {
        let configurationFile = directory.appending(path: "tokenizer_config.json")
        var configuration: JSONValue?
        if FileManager.default.fileExists(atPath: configurationFile.path) {
            let bytes = try Self.read(configurationFile)
            configuration = try bytes.withUnsafeBytes { try Self.parse($0, of: configurationFile.path) }
        }
        let file = directory.appending(path: "tokenizer.json")
        let bytes = try Self.read(file)
        let definition = try bytes.withUnsafeBytes { try Self.definition(of: $0, file.path, configuration) }
        self.init(definition)
    }

    /// A tokenizer from the bytes of a `tokenizer.json`.
    package init(tokenizerFile bytes: [UInt8]) throws {
        self.init(try bytes.withUnsafeBytes { try Self.definition(of: $0, "tokenizer.json", nil) })
    }

    /// A tokenizer from the contents of its files.
    ///
    /// - Parameters:
    ///   - tokenizerJSON: `tokenizer.json`: a byte-level BPE model.
    ///   - configuration: `tokenizer_config.json`, for the names of the special tokens.
    /// - Throws: `TokenizerError`.
    public init(tokenizerJSON: JSONValue, configuration: JSONValue?) throws {
        self.init(try TokenizerDefinition(json: tokenizerJSON, entries: nil, configuration: configuration))
    }

    private static func definition(
        of bytes: UnsafeRawBufferPointer, _ file: String, _ configuration: JSONValue?
    ) throws -> TokenizerDefinition {
        if let quick = TokenizerFileScanner.scan(bytes.bindMemory(to: UInt8.self)) {
            return try TokenizerDefinition(json: quick.remainder, entries: quick.entries, configuration: configuration)
        }
        return try TokenizerDefinition(json: parse(bytes, of: file), entries: nil, configuration: configuration)
    }

    static func read(_ file: URL) throws(TokenizerError) -> Data {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw .unreadableFile(path: file.path, reason: "there is no such file")
        }
        do { return try Data(contentsOf: file, options: .mappedIfSafe) } catch {
            throw .unreadableFile(path: file.path, reason: error.localizedDescription)
        }
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer, of file: String) throws(TokenizerError) -> JSONValue {
        do { return try JSONValue(parsing: bytes) } catch {
            throw .invalidJSON(file: file, reason: "\(error)")
        }
    }
}
