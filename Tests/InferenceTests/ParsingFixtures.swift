import Foundation
import Inference
import JSON
import Testing

/// Recorded replies with what they must be parsed to.
struct ParsingCase: Sendable, CustomTestStringConvertible {
    let format: ToolCallFormat
    let name: String
    let text: String
    let promptEnd: String?
    let isTruncated: Bool
    let allowsParallelToolCalls: Bool
    let reasoning: String?
    let content: String?
    let calls: [JSONValue]

    var testDescription: String { "\(format.rawValue) \(name)" }
}

enum ParsingFixtures {
    static let cases: [ParsingCase] = load()
    static let tools = (try? file())?["tools"]?.array ?? []

    /// What this parser does where vLLM's two modes differ from each other.
    private static let decisions: [String: (content: JSONValue, calls: JSONValue)] = [
        "stray_marker_before": (
            "I will use <tool_call> now.\n", [["get_weather", ["city": "A"]]]
        ),
        "truncated_by_length": (
            "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Beng", []
        ),
        "missing_arguments_key": (nil, [["ping", [:]]]),
    ]

    private static func file() throws -> JSONValue {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/parsing/tool_parse_cases.json")
        return try JSONValue(parsing: Data(contentsOf: fixtures))
    }

    private static func load() -> [ParsingCase] {
        guard let file = try? file() else { return [] }
        return ["hermes": ToolCallFormat.hermes, "qwen3_xml": .qwen3XML].flatMap { key, format in
            (file[key]?.array ?? []).map { item in
                let name = item["name"]?.string ?? ""
                let decision = decisions[name]
                return ParsingCase(
                    format: format, name: name, text: item["text"]?.string ?? "",
                    promptEnd: item["prompt_ends_in"]?.string, isTruncated: item["finish"] == "length",
                    allowsParallelToolCalls: item["parallel_tool_calls"]?.bool ?? true,
                    reasoning: item["reasoning"]?.string, content: (decision?.content ?? item["content"])?.string,
                    calls: (decision?.calls ?? item["calls"])?.array ?? [])
            }
        }
    }
}
