import HTTPTypes
import JSON
import Testing

@Suite("Signalling and the page")
struct SignallingTests {
    @Test(
        arguments: [
            .object(JSONObject()), ["sdp": 5], ["sdp": "v=0", "type": "answer"], ["sdp": "", "type": "offer"],
            ["sdp": "v=0\r\nnonsense", "type": "offer"],
        ] as [JSONValue])
    func whatIsNoOfferIsRefused(body: JSONValue) async throws {
        let answer = try await GatewayFixture().serve { try await $0.send(.post, "/api/offer", body) }
        #expect(answer.status == 400)
        #expect(!answer.message.isEmpty)
    }

    @Test func candidatesOfAnUnknownConnectionAreNotFound() async throws {
        let body: JSONValue = ["pc_id": "nobody", "candidates": []]
        let answer = try await GatewayFixture().serve { try await $0.send(.patch, "/api/offer", body) }
        #expect(answer.status == 404)
    }

    @Test func tooManyOffersAreHeldBack() async throws {
        // As many at once as no allowance grows to meanwhile, however slow the machine.
        let statuses = try await GatewayFixture().serve { client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<500 {
                    group.addTask { try await client.send(.post, "/api/offer", ["sdp": "x"]).status }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
        }
        #expect(statuses == [400, 429])
    }

    @Test(arguments: ["/v1/chat", "/api/offer", "/start", "/sessions/x/api/offer"])
    func whoHasNoKeyStaysOutside(path: String) async throws {
        let gateway = try GatewayFixture()
        let statuses = try await gateway.serve(keys: ["secret"]) { client in
            let stranger = try await client.send(.post, path, .object(JSONObject())).status
            let friend = try await client.send(
                .post, path, .object(JSONObject()), headers: [.authorization: "Bearer secret"]
            ).status
            return [stranger, friend]
        }
        #expect(statuses[0] == 401)
        #expect(statuses[1] != 401)
    }

    @Test func thePageIsOpenToAllAndLoadsNothingFromElsewhere() async throws {
        let answer = try await GatewayFixture().serve(keys: ["secret"]) { try await $0.send(.get, "/") }
        #expect(answer.status == 200 && answer.text.contains("<html"))
        let policy = HTTPField.Name("Content-Security-Policy").flatMap { answer.response.headers[$0] }
        #expect(policy?.contains("default-src 'self'") == true)
    }

    @Test func thePageIsToldWhatIsMissing() async throws {
        let status = try await GatewayFixture().serve { try await $0.send(.get, "/v1/status") }.json
        #expect(status["voice"]?["hearing"] == false)
        #expect(status["voice"]?["missing"]?[0]?["command"] == "annie pull speech")
    }

    @Test func pipecatsClientsFindTheTransport() async throws {
        let status = try await GatewayFixture().serve { try await $0.send(.get, "/status") }.json
        #expect(status == ["status": "ready", "transports": ["webrtc"]])
    }

    @Test func metricsTellOfCalls() async throws {
        let text = try await GatewayFixture().serve { try await $0.send(.get, "/metrics") }.text
        #expect(text.contains("annie_calls 0"))
    }
}
