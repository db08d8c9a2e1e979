import Inference
import JSON
import Testing

@Suite("Forced tool calls")
struct ForcedToolTests {
    static let tools: JSONValue = [
        [
            "type": "function",
            "function": [
                "name": "get_weather", "parameters": ["type": "object", "properties": ["city": ["type": "string"]]],
            ],
        ],
        ["type": "function", "function": ["name": "ping"]],
    ]
    static let named: JSONValue = ["type": "function", "function": ["name": "get_weather"]]

    /// Replies to `required`, and the calls in them.
    static let requiredCases: [(text: String, calls: [(name: String, arguments: String)])] = [
        (#"[{"name": "ping", "parameters": {}}]"#, [("ping", "{}")]),
        (
            #"[{"name":"get_weather","parameters":{"city":"a } ] \" , {"}},{"name":"ping","parameters":{}}]"#,
            [("get_weather", #"{"city": "a } ] \" , {"}"#), ("ping", "{}")]
        ),
        (
            "[ {\n\"name\" : \"ping\" ,\n\"parameters\" : { \"a\" : [ {} , [ ] ] }\n}\n]",
            [("ping", #"{"a": [{}, []]}"#)]
        ),
        (#"[{"name": "ping", "parameters": {"e": "e\u0301 🙂"}}]"#, [("ping", "{\"e\": \"e\u{301} 🙂\"}")]),
    ]

    @Test("required calls are found, however the text is split", arguments: requiredCases.indices, [1, 2, 3, 7, 1000])
    func requiredCalls(index: Int, size: Int) async throws {
        let (text, calls) = Self.requiredCases[index]
        let generator = ScriptedGenerator { _ in .init(pieces(of: text, size: size)) }
        let fields: [(String, JSONValue)] = [("tools", Self.tools), ("tool_choice", "required")]
        try await withServer(generator) { client in
            let whole = try await client.chat(fields)
            let found = whole.choice["message"]?["tool_calls"]?.array ?? []
            #expect(found.map { $0["function"]?["name"]?.string } == calls.map(\.name))
            #expect(found.map { $0["function"]?["arguments"]?.string } == calls.map(\.arguments))
            #expect(whole.choice["message"]?["content"] == .null)
            #expect(whole.choice["finish_reason"] == "tool_calls")
            let stream = try await client.chat(fields + [("stream", true)])
            #expect(streamedCalls(stream).map(\.name) == calls.map(\.name))
            #expect(streamedCalls(stream).map(\.arguments) == calls.map(\.arguments))
        }
    }

    @Test("a named tool's reply is its arguments, and the end is a stop", arguments: [1, 3, 1000])
    func namedCall(size: Int) async throws {
        let text = "\n {\"city\": \"Bengaluru\"}"
        let generator = ScriptedGenerator { _ in .init(pieces(of: text, size: size)) }
        let fields: [(String, JSONValue)] = [("tools", Self.tools), ("tool_choice", Self.named)]
        try await withServer(generator) { client in
            let whole = try await client.chat(fields)
            #expect(whole.choice["finish_reason"] == "stop")
            let call = whole.choice["message"]?["tool_calls"]?[0]
            #expect(call?["function"] == ["name": "get_weather", "arguments": "{\"city\": \"Bengaluru\"}"])
            let stream = try await client.chat(fields + [("stream", true)])
            #expect(streamedCalls(stream).map(\.arguments) == ["{\"city\": \"Bengaluru\"}"])
        }
    }

    @Test("a call cut by the token limit is no call: arguments are always whole")
    func cutCall() async throws {
        let generator = ScriptedGenerator { _ in .init(pieces(of: "{\"city\": \"Bengaluru\"}", size: 4)) }
        let reply = try await withServer(generator) {
            try await $0.chat([("tools", Self.tools), ("tool_choice", Self.named), ("max_tokens", 2)])
        }
        #expect(reply.choice["finish_reason"] == "length")
        #expect(reply.choice["message"]?["tool_calls"] == [])
        #expect(reply.choice["message"]?["content"] == "{\"city\":")
    }

    @Test("a forced choice constrains the reply to the tools' schemas")
    func constraints() async throws {
        let generator = ScriptedGenerator("x")
        try await withServer(generator) { client in
            _ = try await client.chat([("tools", Self.tools), ("tool_choice", Self.named)])
            _ = try await client.chat([("tools", Self.tools), ("tool_choice", "required")])
            _ = try await client.chat([
                ("tools", Self.tools), ("tool_choice", "required"), ("parallel_tool_calls", false),
            ])
            _ = try await client.chat([("tools", Self.tools), ("tool_choice", "none")])
        }
        let constraints = generator.requests.map(\.constraint)
        let named = try #require(constraints[0]), required = try #require(constraints[1])
        let single = try #require(constraints[2])
        #expect(allows(named, #"{"city":"x"}"#) && !allows(named, #"{"city":1}"#))
        let one = #"{"name":"ping","parameters":{}}"#
        #expect(allows(required, "[\(one),\(one)]") && !allows(required, "[]"))
        #expect(!allows(required, #"[{"name":"other","parameters":{}}]"#))
        #expect(allows(single, "[\(one)]") && !allows(single, "[\(one),\(one)]"))
        #expect(constraints[3] == nil)
    }

    @Test("parallel_tool_calls=false keeps the first call alone")
    func singleCall() async throws {
        let text = #"[{"name":"ping","parameters":{}},{"name":"ping","parameters":{}}]"#
        let reply = try await withServer(ScriptedGenerator(text)) {
            try await $0.chat([("tools", Self.tools), ("tool_choice", "required"), ("parallel_tool_calls", false)])
        }
        #expect(reply.choice["message"]?["tool_calls"]?.array?.count == 1)
    }

    @Test("a tool whose schema cannot be followed is refused")
    func impossibleSchema() async throws {
        let tool: JSONValue = [
            "type": "function", "function": ["name": "f", "parameters": ["type": "integer", "enum": ["a"]]],
        ]
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.chat([("tools", [tool]), ("tool_choice", "required")])
        }
        #expect(reply.status == 400 && reply.error?["param"] == "tools")
    }
}
