import Foundation
import Inference
import Testing

/// The parsers that go with a chat template.
@Suite struct ParsingAutomaticTests {
    private static let templates = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/template")

    private func template(_ name: String) throws -> String {
        try String(contentsOf: Self.templates.appending(path: name), encoding: .utf8)
    }

    @Test(arguments: ["qwen3_5_chat_template.jinja", "qwen3_5_small_chat_template.jinja"])
    func templatesThatAskForXMLGetItsParserAndOneForReasoning(name: String) throws {
        #expect(ToolCallFormat(chatTemplate: try template(name)) == .qwen3Coder)
        #expect(ReasoningParser.name(chatTemplate: try template(name)) == "qwen3")
    }

    @Test func aTemplateWithoutToolsOrReasoningGetsTheCommonOneAndNone() throws {
        let source = try template("smollm2_chat_template.jinja")
        #expect(ToolCallFormat(chatTemplate: source) == .hermes)
        #expect(ReasoningParser.name(chatTemplate: source) == nil)
    }

    @Test func aTemplateThatAsksForJSONGetsHermes() {
        let source = "<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>"
        #expect(ToolCallFormat(chatTemplate: source) == .hermes)
    }
}
