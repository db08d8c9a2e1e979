import HTTPTypes
import HummingbirdTesting
import Inference
import JSON
import NIOCore
import Serving
import Testing

@Suite("The HTTP surface")
struct HTTPTests {
    @Test("an unknown path is not found, in OpenAI's format", arguments: Surface.allCases)
    func unknownPath(surface: Surface) async throws {
        let reply = try await withServer(surface, ScriptedGenerator("x")) { try await $0.get("/v1/nothing") }
        #expect(reply.status == 404)
        #expect(reply.error?["type"] == "NotFoundError")
    }

    @Test("a wrong method is told from a wrong path", arguments: Surface.allCases)
    func wrongMethod(surface: Surface) async throws {
        let reply = try await withServer(surface, ScriptedGenerator("x")) { try await $0.get("/v1/chat/completions") }
        #expect(reply.status == 405)
        #expect(reply.header("Allow") == "POST")
    }

    @Test("HEAD answers as GET does, without a body")
    func head() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) { try await $0.send(.head, "/health") }
        #expect(reply.status == 200 && reply.text.isEmpty)
    }

    @Test(
        "a body that is not a JSON object is refused",
        arguments: [
            "", "{", "null", "[]", "\"text\"", "{\"a\":}", "{\"a\":1}x", "{\"messages\":[\"\u{0}\"]}",
            "{\"temperature\":1e999}",
        ])
    func notJSON(body: String) async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.post("/v1/chat/completions", text: body)
        }
        #expect(reply.status == 400)
        #expect(reply.error?["type"] == "BadRequestError")
    }

    @Test("a body of invalid UTF-8 is refused", arguments: Surface.allCases)
    func invalidUTF8(surface: Surface) async throws {
        let body = ByteBuffer(bytes: Array("{\"model\":\"".utf8) + [0xFF, 0xC0, 0x80] + Array("\"}".utf8))
        let reply = try await withServer(surface, ScriptedGenerator("x")) {
            try await $0.send(.post, "/v1/completions", headers: [.contentType: "application/json"], body: body)
        }
        #expect(reply.status == 400)
        #expect(reply.message.contains("UTF-8"))
    }

    @Test("a body that nests for ever does not exhaust the stack", arguments: ["[", "{\"a\":"])
    func deepBody(opening: String) async throws {
        let body = "{\"messages\":" + String(repeating: opening, count: 200_000)
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.post("/v1/chat/completions", text: body)
        }
        #expect(reply.status == 400)
        #expect(reply.message.contains("nested"))
    }

    @Test("a body over the limit is refused", arguments: Surface.allCases)
    func largeBody(surface: Surface) async throws {
        let body = "{\"prompt\":\"" + String(repeating: "a", count: 20_000) + "\"}"
        let reply = try await withServer(
            surface, ScriptedGenerator("x"), configure: { $0.limits.bodyBytes = 10_000 }
        ) { try await $0.post("/v1/completions", text: body) }
        #expect(reply.status == 413)
        #expect(reply.message.contains("10000"))
    }

    @Test("a body that is not sent as JSON is refused", arguments: ["text/plain", "application/x-www-form-urlencoded"])
    func contentType(type: String) async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.chat(headers: [.contentType: type])
        }
        #expect(reply.status == 415)
    }

    @Test("a charset beside the content type does no harm")
    func contentTypeWithCharset() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.chat(headers: [.contentType: "Application/JSON; charset=utf-8"])
        }
        #expect(reply.status == 200)
    }

    // MARK: Keys

    @Test("without the key, /v1 stays shut", arguments: ["", "Bearer", "Bearer wrong", "Basic a2V5", "Bearer key2x"])
    func wrongKey(header: String) async throws {
        let reply = try await withServer(ScriptedGenerator("x"), configure: { $0.apiKeys = ["key1", "key2"] }) {
            try await $0.chat(headers: header.isEmpty ? [:] : [.authorization: header])
        }
        #expect(reply.status == 401)
        #expect(reply.header("WWW-Authenticate") == "Bearer")
        #expect(reply.error?["type"] == "AuthenticationError")
    }

    @Test("each key opens /v1", arguments: ["key1", "key2"])
    func rightKey(key: String) async throws {
        let reply = try await withServer(ScriptedGenerator("x"), configure: { $0.apiKeys = ["key1", "key2"] }) {
            try await $0.chat(headers: [.authorization: "Bearer \(key)"])
        }
        #expect(reply.status == 200)
    }

    @Test("keys guard /v1 alone", arguments: ["/health", "/metrics", "/version"])
    func unguarded(path: String) async throws {
        let reply = try await withServer(ScriptedGenerator("x"), configure: { $0.apiKeys = ["key"] }) {
            try await $0.get(path)
        }
        #expect(reply.status == 200)
    }

    @Test("even paths that do not exist are guarded under /v1")
    func guardedUnknownPath() async throws {
        let reply = try await withServer(ScriptedGenerator("x"), configure: { $0.apiKeys = ["key"] }) {
            try await $0.get("/v1/nothing")
        }
        #expect(reply.status == 401)
    }

    // MARK: Web pages

    @Test("a preflight is answered without a key", arguments: Surface.allCases)
    func preflight(surface: Surface) async throws {
        let headers: HTTPFields = [
            .origin: "http://page.example", .accessControlRequestMethod: "POST",
            .accessControlRequestHeaders: "authorization, content-type",
        ]
        let reply = try await withServer(surface, ScriptedGenerator("x"), configure: { $0.apiKeys = ["key"] }) {
            try await $0.send(.options, "/v1/chat/completions", headers: headers)
        }
        #expect(reply.status == 204)
        #expect(reply.header("Access-Control-Allow-Origin") == "*")
        #expect(reply.header("Access-Control-Allow-Headers") == "authorization, content-type")
        #expect(reply.header("Access-Control-Allow-Methods")?.contains("POST") == true)
    }

    @Test("only listed pages are allowed, and errors say so too")
    func listedOrigins() async throws {
        try await withServer(
            ScriptedGenerator("x"), configure: { $0.crossOrigin.origins = ["http://good.example"] }
        ) { client in
            let good = try await client.get("/v1/nothing", headers: [.origin: "http://good.example"])
            #expect(good.status == 404)
            #expect(good.header("Access-Control-Allow-Origin") == "http://good.example")
            #expect(good.header("Vary") == "Origin")
            let bad = try await client.get("/health", headers: [.origin: "http://bad.example"])
            #expect(bad.header("Access-Control-Allow-Origin") == nil)
        }
    }

    // MARK: Around the model

    @Test("until the model is loaded, requests are told to come back", arguments: Surface.allCases)
    func loading(surface: Surface) async throws {
        let slot = ModelSlot()
        try await withServer(surface, slot: slot) { client in
            for path in ["/health", "/v1/models"] {
                let reply = try await client.get(path)
                #expect(reply.status == 503)
                #expect(reply.header("Retry-After") != nil)
            }
            #expect(try await client.chat().status == 503)
            #expect(try await client.get("/metrics").status == 200)
            slot.state = .ready(ScriptedGenerator("x"))
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.chat().status == 200)
        }
    }

    @Test("a model that could not be loaded says why")
    func failedModel() async throws {
        let slot = ModelSlot()
        slot.state = .failed("no space left")
        let reply = try await withServer(.router, slot: slot) { try await $0.get("/health") }
        #expect(reply.status == 503)
        #expect(reply.message.contains("no space left"))
    }

    @Test("ping and version answer")
    func smallEndpoints() async throws {
        try await withServer(ScriptedGenerator("x"), configure: { $0.version = "1.2.3" }) { client in
            let ping = try await client.get("/ping")
            #expect(ping.status == 200)
            #expect(try await client.send(.post, "/ping").status == 200)
            #expect(try await client.get("/version").json["version"] == "1.2.3")
        }
    }

    @Test("every served name is listed and can be asked for, slashes included")
    func models() async throws {
        try await withServer(ScriptedGenerator("x")) { client in
            let list = try await client.get("/v1/models").json
            #expect(list["data"]?.array?.compactMap { $0["id"]?.string } == ["test", "second/name"])
            #expect(list["data"]?[0]?["max_model_len"] == 512)
            #expect(try await client.get("/v1/models/second/name").json["id"] == "second/name")
            #expect(try await client.get("/v1/models/second%2Fname").json["id"] == "second/name")
            #expect(try await client.get("/v1/models/third").status == 404)
            #expect(try await client.chat([("model", "second/name")]).status == 200)
        }
    }

    @Test("text goes to tokens and back")
    func tokenize() async throws {
        try await withServer(ScriptedGenerator("x")) { client in
            let reply = try await client.post("/tokenize", ["prompt": "Hi", "return_token_strs": true]).json
            #expect(reply["tokens"] == [72, 105] && reply["count"] == 2 && reply["max_model_len"] == 512)
            #expect(reply["token_strs"] == ["H", "i"])
            #expect(try await client.post("/detokenize", ["tokens": [72, 105]]).json["prompt"] == "Hi")
        }
    }

    @Test("messages are tokenized as a chat request would have them")
    func tokenizeMessages() async throws {
        let generator = ScriptedGenerator("x")
        try await withServer(generator) { client in
            let messages: JSONValue = [["role": "user", "content": "Hello"]]
            let reply = try await client.post("/tokenize", ["messages": messages]).json
            _ = try await client.chat()
            #expect(reply["tokens"] == .array(generator.requests[0].prompt.map { .integer(Int($0)) }))
        }
    }

    @Test("tokens outside the vocabulary have no text")
    func detokenizeUnknown() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.post("/detokenize", ["tokens": [99999]])
        }
        #expect(reply.status == 400 && reply.error?["param"] == "tokens")
    }
}
