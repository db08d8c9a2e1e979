import Inference
import JSON
import Testing

@Suite("Structured outputs")
struct StructuredOutputTests {
    static let schema: JSONValue = [
        "type": "object", "properties": ["days": ["type": "integer"]], "required": ["days"],
        "additionalProperties": false,
    ]

    /// Ways to ask for a form, a text that has it, and one that has not.
    static let cases: [(field: (String, JSONValue), good: String, bad: String)] = [
        (("response_format", ["type": "json_object"]), #"{"a":[1]}"#, "[1]"),
        (
            ("response_format", ["type": "json_schema", "json_schema": ["name": "x", "schema": schema]]),
            #"{"days":3}"#, #"{"days":"3"}"#
        ),
        (("structured_outputs", ["json": schema]), #"{"days":3}"#, "{}"),
        (("structured_outputs", ["json": .string(schema.text())]), #"{"days":3}"#, "{}"),
        (("structured_outputs", ["regex": "[a-c]{2}"]), "ab", "abc"),
        (("structured_outputs", ["choice": ["yes", "no"]]), "yes", "maybe"),
        (("guided_json", schema), #"{"days":3}"#, "{}"), (("guided_regex", "x+"), "xxx", "y"),
        (("guided_choice", ["a"]), "a", "b"),
    ]

    @Test("each way to ask for a form holds the reply to it, chat or not", arguments: cases.indices, [true, false])
    func forms(index: Int, isChat: Bool) async throws {
        let (field, good, bad) = Self.cases[index]
        let generator = ScriptedGenerator("x")
        let reply = try await withServer(generator) {
            isChat ? try await $0.chat([field]) : try await $0.complete([field])
        }
        #expect(reply.status == 200)
        let constraint = try #require(generator.requests.first?.constraint)
        #expect(allows(constraint, good))
        #expect(!allows(constraint, bad))
    }

    @Test("text is no constraint")
    func text() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator) { try await $0.chat([("response_format", ["type": "text"])]) }
        #expect(generator.requests[0].constraint == nil)
    }

    @Test(
        "what nothing can satisfy is refused by name",
        arguments: [
            ("guided_regex", "["), ("guided_json", ["type": "integer", "enum": ["a"]]),
            ("structured_outputs", ["json": ["type": "nothing"]]),
        ] as [(String, JSONValue)])
    func impossible(field: String, value: JSONValue) async throws {
        let reply = try await withServer(ScriptedGenerator("x")) { try await $0.chat([(field, value)]) }
        #expect(reply.status == 400)
        #expect(reply.error?["param"]?.string?.hasPrefix(field) == true)
    }

    @Test("a model that is reasoning is held to the form once it has finished")
    func afterReasoning() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator) {
            try await $0.chat([
                ("guided_choice", ["yes"]), ("chat_template_kwargs", ["enable_thinking": true]),
            ])
        }
        let constraint = try #require(generator.requests[0].constraint)
        #expect(allows(constraint, "hm, let me see</think>yes"))
        #expect(!allows(constraint, "hm</think>no"))
        #expect(!allows(constraint, "hm"), "a reply may not end inside its reasoning")
    }
}
