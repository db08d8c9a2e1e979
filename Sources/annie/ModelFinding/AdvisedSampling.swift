import Foundation
import JSON

/// How the makers of the catalogue's models advise to sample them, where a GGUF file has no room to say so.
///
/// Small models wander off at vLLM's temperature of 1. The values are those of the models' own pages and
/// `generation_config.json` files.
enum AdvisedSampling {
    private static let values: [String: [(String, JSONValue)]] = [
        "smollm2-135m": [("temperature", .number(0.2)), ("top_p", .number(0.9))],
        "qwen2.5-coder-1.5b": [
            ("temperature", .number(0.7)), ("top_p", .number(0.8)), ("top_k", .integer(20)),
            ("repetition_penalty", .number(1.1)),
        ],
    ]

    /// Adds to a directory's `generation_config.json` what it does not say itself.
    static func fill(_ directory: URL, for name: String) throws {
        guard let advised = values[name] else { return }
        let file = directory.appending(path: "generation_config.json")
        var object = JSONObject()
        if let data = try? Data(contentsOf: file) { object = try JSONValue(parsing: data).object ?? object }
        for (key, value) in advised where object[key] == nil { object[key] = value }
        try (JSONValue.object(object).text(.pretty) + "\n").write(to: file, atomically: true, encoding: .utf8)
    }
}
