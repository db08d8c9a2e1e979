import HTTPTypes
import JSON
import Testing

@Suite("Web pages of others")
struct ForeignPageTests {
    private static let paths: [(HTTPRequest.Method, String)] = [
        (.get, "/v1/sessions"), (.get, "/v1/memory"), (.get, "/v1/notes"), (.post, "/v1/chat"), (.post, "/start"),
        (.post, "/api/offer"), (.delete, "/v1/notes/1"), (.get, "//v1/memory"),
    ]

    @Test(arguments: paths)
    func whatIsPersonalIsNotForThem(method: HTTPRequest.Method, path: String) async throws {
        let statuses = try await GatewayFixture().serve { client in
            let body: JSONValue? = method == .post ? .object(JSONObject()) : nil
            var statuses: [Int] = []
            for origin in ["https://elsewhere.example", "null", "http://localhost.elsewhere.example"] {
                statuses.append(try await client.send(method, path, body, headers: [.origin: origin]).status)
            }
            statuses.append(try await client.send(method, path, body).status)
            return statuses
        }
        #expect(statuses.prefix(3) == [403, 403, 403])
        #expect(statuses[3] != 403)
    }

    @Test func thoseNamedAreLetIn() async throws {
        let statuses = try await GatewayFixture().serve(origins: ["http://friend.example"]) { client in
            [
                try await client.send(.get, "/v1/notes", headers: [.origin: "http://friend.example"]).status,
                try await client.send(.get, "/v1/notes", headers: [.origin: "http://other.example"]).status,
            ]
        }
        #expect(statuses == [200, 403])
    }

    @Test func withAKeyTheKeyDecides() async throws {
        let status = try await GatewayFixture().serve(keys: ["secret"]) {
            try await $0.send(
                .get, "/v1/notes", headers: [.origin: "http://other.example", .authorization: "Bearer secret"]
            ).status
        }
        #expect(status == 200)
    }
}
