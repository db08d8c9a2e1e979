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
            configuration = try Self.parse(Self.read(configurationFile), of: configurationFile)
        }
        let file = directory.appending(path: "tokenizer.json")
        let bytes = try Self.read(file)
        self.init(try Self.definition(of: bytes, file, configuration))
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
        of bytes: Data, _ file: URL, _ configuration: JSONValue?
    ) throws -> TokenizerDefinition {
        let quick = bytes.withUnsafeBytes { TokenizerFileScanner.scan($0.bindMemory(to: UInt8.self)) }
        if let quick {
            return try TokenizerDefinition(json: quick.remainder, entries: quick.entries, configuration: configuration)
        }
        return try TokenizerDefinition(json: parse(bytes, of: file), entries: nil, configuration: configuration)
    }

    static func read(_ file: URL) throws(TokenizerError) -> Data {
        do { return try Data(contentsOf: file, options: .mappedIfSafe) } catch {
            throw .unreadableFile(path: file.path, reason: error.localizedDescription)
        }
    }

    private static func parse(_ bytes: Data, of file: URL) throws(TokenizerError) -> JSONValue {
        do { return try bytes.withUnsafeBytes { try JSONValue(parsing: $0) } } catch {
            throw .invalidJSON(file: file.path, reason: "\(error)")
        }
    }
}
