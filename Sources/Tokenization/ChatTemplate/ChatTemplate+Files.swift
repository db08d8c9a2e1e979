import Foundation
import JSON

extension ChatTemplate {
    /// The template of a Hugging Face directory: `chat_template.jinja`, else `chat_template` of
    /// `tokenizer_config.json`; nil when neither is there.
    ///
    /// - Throws: ``ChatTemplateError`` for a template that cannot be used, or the file system's error.
    public static func load(from directory: URL) throws -> ChatTemplate? {
        let file = directory.appending(path: "chat_template.jinja")
        if FileManager.default.fileExists(atPath: file.path) {
            guard let source = String(validating: try Data(contentsOf: file), as: UTF8.self) else {
                throw ChatTemplateError(.file, "chat_template.jinja is not UTF-8 text")
            }
            return try ChatTemplate(source: source)
        }
        let configuration = directory.appending(path: "tokenizer_config.json")
        guard FileManager.default.fileExists(atPath: configuration.path) else { return nil }
        let json: JSONValue
        do { json = try JSONValue(parsing: try Data(contentsOf: configuration)) } catch let error as JSONError {
            throw ChatTemplateError(.file, "tokenizer_config.json: \(error)")
        }
        return try source(in: json["chat_template"] ?? .null).map { try ChatTemplate(source: $0) }
    }

    /// One template, or the default among several that have names.
    private static func source(in value: JSONValue) throws(ChatTemplateError) -> String? {
        switch value {
        case .null: return nil
        case .string(let source): return source
        case .array(let templates):
            if let source = templates.first(where: { $0["name"] == "default" })?["template"]?.string { return source }
            let names = templates.compactMap { $0["name"]?.string }.joined(separator: ", ")
            throw ChatTemplateError(
                .file, "tokenizer_config.json has chat templates named \(names), and none named default")
        default:
            throw ChatTemplateError(
                .file, "tokenizer_config.json: chat_template is neither a text nor a list of named templates")
        }
    }
}
