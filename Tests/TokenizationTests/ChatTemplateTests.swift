import Foundation
import JSON
import Testing
import Tokenization

@Suite("A chat template")
struct ChatTemplateTests {
    private static func error(_ body: () throws(ChatTemplateError) -> Void) -> ChatTemplateError? {
        do throws(ChatTemplateError) {
            try body()
            return nil
        } catch { return error }
    }

    @Test("gets no tools as none, and other names as its caller gives them")
    func variables() throws {
        let template = try ChatTemplate(
            source: "{{ tools }} {{ documents }} {{ add_generation_prompt }} {{ bos_token }}")
        let variables: JSONValue = ["bos_token": "<s>"]
        let text = try template.render(
            messages: [], addsGenerationPrompt: false, variables: variables.object ?? JSONObject())
        #expect(text == "None None False <s>")
        #expect(try template.render(messages: [], tools: []) == "[] None True ")
    }

    @Test("reports its own refusal in its own words")
    func raised() throws {
        let template = try ChatTemplate(source: "a\n{{ raise_exception('Only user messages, please.') }}")
        let error = try #require(Self.error { () throws(ChatTemplateError) in _ = try template.render(messages: []) })
        #expect(error.kind == .raised)
        #expect(error.line == 2)
        #expect("\(error)" == "Only user messages, please.")
    }

    @Test("says what is missing and in which line")
    func undefined() throws {
        let template = try ChatTemplate(source: "a\n\n{{ messages[0].content.text }}")
        let error = try #require(
            Self.error { () throws(ChatTemplateError) in _ = try template.render(messages: [["role": "user"]]) })
        #expect(error.kind == .undefined)
        #expect("\(error)" == "chat template, line 3: 'dict object' has no attribute 'content'")
    }

    @Test("does not compile with a broken source")
    func syntax() {
        let error = Self.error { () throws(ChatTemplateError) in _ = try ChatTemplate(source: "a\n{% if %}") }
        #expect(error?.kind == .syntax)
        #expect(error?.line == 2)
    }

    @Test("writes the time it is given")
    func time() throws {
        let template = try ChatTemplate(source: "{{ strftime_now('%d %b %Y, %H:%M') }}")
        let text = try template.render(
            messages: [], limits: RenderLimits(), clock: .fixed(secondsSince1970: 1_700_000_000))
        #expect(text == "14 Nov 2023, 22:13")
        #expect(try !template.render(messages: []).isEmpty)
    }

    // MARK: Messages

    private static func messages(arguments: JSONValue) -> [JSONValue] {
        [
            ["role": "user", "content": "hi"],
            ["role": "assistant", "tool_calls": [["id": "1", "function": ["name": "f", "arguments": arguments]]]],
        ]
    }

    @Test("gets tool-call arguments as objects, in the order they were written")
    func argumentsAreParsed() throws {
        let normalised = try ChatTemplate.normalised(messages: Self.messages(arguments: "{\"b\": 1, \"a\": [null]}"))
        #expect(normalised[0] == ["role": "user", "content": "hi"])
        let arguments = normalised[1]["tool_calls"]?[0]?["function"]?["arguments"]
        #expect(arguments?.text(.python) == "{\"b\": 1, \"a\": [null]}")
    }

    @Test("gets empty arguments as an empty object", arguments: ["", " ", "{}"])
    func emptyArguments(text: String) throws {
        let normalised = try ChatTemplate.normalised(messages: Self.messages(arguments: .string(text)))
        #expect(normalised[1]["tool_calls"]?[0]?["function"]?["arguments"] == .object(JSONObject()))
    }

    @Test("is not given arguments that are no object", arguments: ["[1]", "3", "{", "null", "{\"a\": 1} x"])
    func badArguments(text: String) {
        let error = Self.error { () throws(ChatTemplateError) in
            _ = try ChatTemplate.normalised(messages: Self.messages(arguments: .string(text)))
        }
        #expect(error?.kind == .messages)
        #expect(error?.message.contains("messages[1].tool_calls[0].function.arguments") == true)
    }

    // MARK: Files

    /// The source of the template that a directory with these files has.
    private static func source(in files: [String: String]) throws -> String? {
        let directory = FileManager.default.temporaryDirectory.appending(path: "chat-template-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        return try ChatTemplate.load(from: directory)?.source
    }

    @Test("is read from its own file before the tokenizer's configuration")
    func ownFileFirst() throws {
        let files = ["chat_template.jinja": "own", "tokenizer_config.json": "{\"chat_template\": \"other\"}"]
        #expect(try Self.source(in: files) == "own")
    }

    @Test("is read from the tokenizer's configuration, alone or as the default of several")
    func configuration() throws {
        #expect(try Self.source(in: ["tokenizer_config.json": "{\"chat_template\": \"one\"}"]) == "one")
        let several = """
            {"chat_template": [{"name": "rag", "template": "a"}, {"name": "default", "template": "b"}]}
            """
        #expect(try Self.source(in: ["tokenizer_config.json": several]) == "b")
    }

    @Test("may be absent")
    func absent() throws {
        #expect(try Self.source(in: [:]) == nil)
        #expect(try Self.source(in: ["tokenizer_config.json": "{}"]) == nil)
    }

    @Test(
        "is refused when its file is unusable", arguments: ["{", "{\"chat_template\": 3}", "{\"chat_template\": []}"])
    func unusable(configuration: String) {
        #expect {
            try Self.source(in: ["tokenizer_config.json": configuration])
        } throws: { ($0 as? ChatTemplateError)?.kind == .file }
    }
}
