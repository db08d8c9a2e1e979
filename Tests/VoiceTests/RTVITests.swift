import Companion
import Foundation
import JSON
import Testing
import Voice

@Suite struct RTVITests {
    private static func json(_ event: RTVIEvent, client: String? = "2.1.0") throws -> JSONValue {
        var writer = RTVIWriter(libraryVersion: "1", session: "s")
        writer.agree(clientVersion: client)
        return try JSONValue(parsing: writer.message(event, date: Date(timeIntervalSince1970: 0)))
    }

    @Test func theAnswerToClientReadyBearsItsIdAndTheVersionSpoken() throws {
        let message = try Self.json(.botReady(id: "abc"))
        #expect(message["label"] == "rtvi-ai")
        #expect(message["type"] == "bot-ready")
        #expect(message["id"] == "abc")
        #expect(message["data"]?["version"] == "2.0.0")
        #expect(message["data"]?["about"] == ["library": "annie", "library_version": "1", "session_id": "s"])
        #expect(try Self.json(.botReady(id: "x"), client: "1.4.0")["data"]?["version"] == "1.4.0")
    }

    @Test func outputHasTheFieldsOfTheClientsVersion() throws {
        let output = BotOutput(text: "Hello.", segment: 4, isSpoken: true, status: .completed, said: "Hello.")
        let two = try #require(try Self.json(.output(output))["data"])
        #expect(two["spoken_status"] == "completed")
        #expect(two["segment_id"] == 4)
        #expect(two["spoken_progress"] == ["accumulated_text": "Hello.", "remaining_text": ""])
        #expect(two["spoken"] == nil)
        let one = try #require(try Self.json(.output(output), client: "1.1.0")["data"])
        #expect(one["spoken"] == true)
        #expect(one["will_be_spoken"] == nil)
        #expect(one["aggregated_by"] == "sentence")
    }

    @Test func transcriptsSayWhenAndWhetherTheyAreFinal() throws {
        let data = try #require(try Self.json(.userTranscription("Hi.", isFinal: true))["data"])
        #expect(data["timestamp"] == "1970-01-01T00:00:00Z")
        #expect(data["final"] == true)
        #expect(data["user_id"] == "")
    }

    @Test func toolCallsCarryTheirArgumentsAndResult() throws {
        let call = ToolCall(id: "1", name: "remember", arguments: "{\"fact\":\"x\"}")
        #expect(try Self.json(.toolStarted(call))["data"]?["arguments"]?["fact"] == "x")
        let spoiled = ToolCall(id: "1", name: "remember", arguments: "{oops")
        #expect(try Self.json(.toolStarted(spoiled))["data"]?["arguments"] == "{oops")
        let stopped = try Self.json(.toolStopped(call, result: nil, isError: false))
        #expect(stopped["data"]?["cancelled"] == true)
    }

    @Test func timingsAreToldInMilliseconds() throws {
        var timings = TurnTimings(turn: 3)
        timings.silence = 0.2244
        timings.firstAudio = 0.4501
        let data = try #require(try Self.json(.server(.timings(timings)))["data"])
        #expect(data["type"] == "turn-metrics")
        #expect(data["stages"]?["silence"] == 224)
        #expect(data["stages"]?["total"] == 450)
        #expect(data["stages"]?["decode"] == nil)
    }

    @Test func requestsAreRead() throws {
        #expect(try RTVIRequest(parsing: "ping: 123456") == .ping)
        let ready = #"{"label":"rtvi-ai","type":"client-ready","id":"1","data":{"version":"2.1.0","about":{}}}"#
        #expect(try RTVIRequest(parsing: ready) == .clientReady(id: "1", version: "2.1.0"))
        let text =
            #"{"label":"rtvi-ai","type":"send-text","id":"2","data":{"content":"Hi","options":{"audio_response":false}}}"#
        #expect(try RTVIRequest(parsing: text) == .sendText(id: "2", TypedText("Hi", isSpoken: false)))
        let track = #"{"type":"signalling","message":{"type":"trackStatus","receiver_index":0,"enabled":false}}"#
        #expect(try RTVIRequest(parsing: track) == .microphone(isOn: false))
        let custom = #"{"label":"rtvi-ai","type":"client-message","id":"3","data":{"t":"x","d":[1]}}"#
        #expect(try RTVIRequest(parsing: custom) == .clientMessage(id: "3", type: "x"))
    }

    @Test(arguments: [
        #"{"label":"rtvi-ai","type":"send-file","id":"9","data":{}}"#,
        #"{"label":"rtvi-ai","type":"send-text","id":"9","data":{}}"#,
        #"{"label":"rtvi-ai","type":"send-text","id":"9","data":{"content":"  "}}"#,
        #"{"label":"rtvi-ai","type":"client-message","id":"9","data":3}"#,
        #"{"label":"other","type":"client-ready","id":"9"}"#,
        #"{"label":"rtvi-ai","id":"9"}"#,
    ])
    func aRefusedRequestIsAnsweredByItsId(text: String) {
        let error = #expect(throws: RTVIError.self) { try RTVIRequest(parsing: text) }
        #expect(error?.id == "9")
        #expect(error?.description.isEmpty == false)
    }

    @Test(arguments: ["", "{", "[]", "3", "null", "pin", #"{"type":3}"#, String(repeating: "[", count: 5000)])
    func whatIsNoMessageIsRefused(text: String) {
        #expect(throws: RTVIError.self) { try RTVIRequest(parsing: text) }
    }

    @Test func oversizedMessagesAreRefusedUnread() {
        let text =
            #"{"label":"rtvi-ai","type":"send-text","id":"1","data":{"content":""#
            + String(repeating: "x", count: 70_000) + #""}}"#
        let error = #expect(throws: RTVIError.self) { try RTVIRequest(parsing: text) }
        #expect(error?.description.contains("65536") == true)
    }

    @Test func spoiledMessagesNeverCrash() {
        let valid = Array(
            #"{"label":"rtvi-ai","type":"send-text","id":"2","data":{"content":"Hié","options":{"run_immediately":true}}}"#
                .utf8)
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<5000 {
            var bytes = valid
            for _ in 0...next(4) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1: bytes.remove(at: next(bytes.count))
                default: bytes.insert(UInt8(next(256)), at: next(bytes.count))
                }
            }
            _ = try? RTVIRequest(parsing: String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func aPageIsGoneWhenItsPingsStopButOnlyIfItSentAny() {
        var quiet = Keepalive()
        quiet.alive(at: 1)
        quiet.check(at: 100)
        #expect(!quiet.isGone && quiet.deadline == nil)
        var pinging = Keepalive()
        pinging.ping(at: 1)
        #expect(pinging.deadline == 4)
        pinging.check(at: 3.9)
        #expect(!pinging.isGone)
        pinging.check(at: 4)
        #expect(pinging.isGone)
        pinging.ping(at: 9)
        #expect(!pinging.isGone)
    }
}
