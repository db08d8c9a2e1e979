import Companion
import Evaluation
import Testing

@Suite struct CallTests {
    private func record(_ name: String, _ arguments: String, problem: String? = nil) -> TurnRecord.CallRecord {
        TurnRecord.CallRecord(ToolCall(id: "c", name: name, arguments: arguments), problem: problem)
    }

    private func expecting(_ names: [String], _ arguments: [String: ExpectedCall.Argument] = [:], may: [String] = [])
        -> ReplyExpectation
    {
        ReplyExpectation(calls: [ExpectedCall(names, arguments: arguments)], mayCall: may)
    }

    @Test(arguments: [
        #"{"query":"weather in Oslo tomorrow"}"#, #"{"query": "OSLO forecast"}"#,
        #"{"query":"Oslo, weather?","extra":null}"#, #""{\"query\":\"oslo weather\"}""#, #"{"query":"weather_oslo"}"#,
    ])
    func argumentsAreComparedByTheirMeaning(arguments: String) throws {
        let groups = [try #require(WordGroup("weather|forecast")), try #require(WordGroup("oslo"))]
        #expect(
            CallJudge.failure([record("web_search", arguments)], expecting(["web_search"], ["query": .words(groups)]))
                == nil)
    }

    @Test(arguments: [
        #"{"query":"weather"}"#, #"{"q":"weather oslo"}"#, "weather oslo", "{", "[]", "{}", #"{"query":["weather"]}"#,
    ])
    func otherArgumentsFail(arguments: String) throws {
        let groups = [try #require(WordGroup("weather|forecast")), try #require(WordGroup("oslo"))]
        #expect(
            CallJudge.failure([record("web_search", arguments)], expecting(["web_search"], ["query": .words(groups)]))
                != nil)
    }

    @Test(arguments: [
        (#"{"number":7}"#, true), (#"{"number":"7"}"#, true), (#"{"number":7.0}"#, true), (#"{"number":8}"#, false),
        (#"{"title":"7"}"#, false), (#"{"number":"seven"}"#, false),
    ])
    func numbersAreNumbersHoweverWritten(arguments: String, passes: Bool) {
        #expect(
            (CallJudge.failure([record("delete_note", arguments)], expecting(["delete_note"], ["number": .number(7)]))
                == nil) == passes)
    }

    @Test(arguments: [
        ("{}", true), (#"{"time_zone":null}"#, true), (#"{"time_zone":""}"#, true),
        (#"{"time_zone":"Asia/Tokyo"}"#, false),
    ])
    func whatIsNotAskedForMustBeAbsent(arguments: String, passes: Bool) {
        #expect(
            (CallJudge.failure([record("current_time", arguments)], expecting(["current_time"], ["time_zone": .absent]))
                == nil) == passes)
    }

    @Test func whereNothingIsDueNothingMayBeCalled() {
        #expect(CallJudge.failure([], ReplyExpectation(calls: [])) == nil)
        #expect(CallJudge.failure([record("web_search", "{}")], ReplyExpectation(calls: [])) != nil)
        #expect(
            CallJudge.failure([record("web_search", "{}")], ReplyExpectation(calls: [], mayCall: ["web_search"])) == nil
        )
    }

    @Test func theWrongToolAndAnExtraToolFail() {
        #expect(CallJudge.failure([record("save_note", "{}")], expecting(["remember"])) != nil)
        #expect(
            CallJudge.failure([record("remember", "{}"), record("save_note", "{}")], expecting(["remember"])) != nil)
        #expect(
            CallJudge.failure(
                [record("remember", "{}"), record("save_note", "{}")], expecting(["remember"], may: ["save_note"]))
                == nil)
        #expect(CallJudge.failure([record("save_note", "{}")], expecting(["remember", "save_note"])) == nil)
        #expect(CallJudge.failure([], expecting(["remember"])) == "does not call remember")
    }

    @Test func aCallThatTheToolRefusesIsNotValid() {
        #expect(
            CallJudge.failure([record("remember", "{}", problem: "\"fact\" is missing")], expecting(["remember"]))
                != nil)
    }
}
