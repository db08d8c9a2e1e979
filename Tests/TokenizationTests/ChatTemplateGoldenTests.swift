import JSON
import Testing
import Tokenization

@Suite("The chat templates of real checkpoints")
struct ChatTemplateGoldenTests {
    @Test("render every recorded conversation exactly", arguments: ["qwen3_5", "qwen3_5_small", "smollm2"])
    func rendersExactly(model: String) throws {
        let template = try ChatTemplateFixtures.template(model)
        let cases = try #require(try ChatTemplateFixtures.json("chat_rendered.json")["cases"]?.array)
        var checked = 0
        for item in cases {
            guard let expected = item[model], let request = item["request"]?.object else { continue }
            let name = item["name"]?.string ?? ""
            #expect(Self.outcome(template, request) == expected, "\(name)")
            checked += 1
        }
        #expect(checked >= 8)
    }

    /// The rendering or the error, as the recording has it.
    private static func outcome(_ template: ChatTemplate, _ request: JSONObject) -> JSONValue {
        var variables = JSONObject()
        for (name, value) in request where !["messages", "tools", "add_generation_prompt"].contains(name) {
            variables[name] = value
        }
        do throws(ChatTemplateError) {
            let text = try template.render(
                messages: request["messages"]?.array ?? [], tools: request["tools"]?.array,
                addsGenerationPrompt: request["add_generation_prompt"]?.bool ?? true, variables: variables)
            return ["rendered": .string(text)]
        } catch {
            return error.kind == .raised
                ? ["error": .string("TemplateError: \(error)")] : ["error": .string("\(error)")]
        }
    }
}
