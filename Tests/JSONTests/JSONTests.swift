import JSON
import Testing

@Suite struct JSONTests {
    @Test func keyOrderAndNumbersSurviveARoundTrip() throws {
        let text = #"{"z": 1, "a": [1.5, -3, 1e-10, true, null], "m": {"k": "line\n\"q\" ಕನ್ನಡ 😀"}}"#
        #expect(try JSONValue(parsing: text).text(.python) == text)
    }

    @Test(arguments: [
        "", "{", "[1,", "{\"a\" 1}", "01", "1.", "-", "\"\u{01}\"", "\"abc", "tru", "[1] 2", "1e999", "\"\\x\"",
        "\"\\u12\"",
    ])
    func malformedTextIsRefusedWithAPlace(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func hostileDepthIsRefused() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func surrogatePairsBecomeOneCharacter() throws {
        #expect(try JSONValue(parsing: #""\ud83d\ude00 \ud83d""#) == .string("😀 \u{FFFD}"))
    }

    @Test func invalidUTF8IsRefused() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22] as [UInt8]) }
    }

    @Test func manyMembersAreFoundAndRemovedByName() {
        var object = JSONObject((0..<100).map { ("k\($0)", .integer($0)) })
        object["k50"] = nil
        #expect(object.count == 99)
        #expect(object["k50"] == nil)
        #expect(object["k99"] == 99)
        object["k0"] = "first"
        #expect(object.keys.first == "k0")
    }

    @Test func aRepeatedKeyKeepsTheLastValue() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"a":2}"#)["a"] == 2)
    }

    @Test func randomBytesNeverCrashTheParser() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("{}[]\",:0123456789.eE+-truefalsn\\u \n".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &generator)).map { _ in alphabet.randomElement() ?? 0 }
            if let value = try? JSONValue(parsing: bytes) {
                #expect((try? JSONValue(parsing: value.text())) == value)
            }
        }
    }
}
