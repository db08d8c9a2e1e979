import Foundation
import Inference
import JSON
import Testing

/// Random replies under many schemas: no state without a token, every reply valid JSON and valid under its schema.
@Suite struct ConstraintSchemaTests {
    /// One schema a line.
    static let schemas: [String] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/constraints/schemas.jsonl")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { String($0) }
    }()

    @Test func theSchemasAreThere() { #expect(Self.schemas.count > 50) }

    @Test(arguments: schemas)
    func everyRandomReplyIsValid(text: String) throws {
        let schema = try JSONValue(parsing: text)
        let vocabulary = ConstraintTestVocabulary.shared
        let constraint = try JSONSchemaConstraint(schema, trie: vocabulary.trie)
        let validator = ConstraintSchemaValidator(root: schema)
        for seed in 0..<8 {
            let bytes = try #require(vocabulary.walk(constraint, seed: seed, length: seed * 6), "seed \(seed)")
            let reply = String(decoding: bytes, as: UTF8.self)
            #expect(Array(reply.utf8) == bytes, "not UTF-8: \(reply)")
            guard let value = try? JSONValue(parsing: reply) else {
                Issue.record("not JSON: \(reply)")
                continue
            }
            #expect(validator.accepts(value), "\(reply)")
        }
    }

    private func accepts(_ schema: String, _ text: String) throws -> Bool {
        let vocabulary = ConstraintTestVocabulary.shared
        let constraint = try JSONSchemaConstraint(try JSONValue(parsing: schema), trie: vocabulary.trie)
        return vocabulary.accepts(constraint, text)
    }

    @Test(arguments: [
        (#"{}"#, #"{"a": [1, -2.5e3, "x\u00e9\ud83d\ude00", true, null, {}]}"#),
        (#"{"type":"object"}"#, #"{"a":1,"a":2}"#),
        (#"{"type":"object","properties":{"a":{},"b":{}}}"#, #"{"b": 1}"#), (#"{"type":"array"}"#, "[\n  1,\n  2\n]"),
        (#"{"type":"object","properties":{"a":{}}}"#, "{}"), (#"{"type":"string","maxLength":2}"#, #""🙂é""#),
        (#"{"type":"string","pattern":"b"}"#, #""abc""#), (#"{"type":"integer","minimum":-5,"maximum":1000}"#, "-5"),
        (#"{"type":"integer","minimum":-5,"maximum":1000}"#, "1000"),
        (#"{"type":"number","minimum":0.5,"maximum":10}"#, "0.5"),
        (#"{"type":"number","minimum":0.5,"maximum":10}"#, "10.000"),
        (#"{"type":"number","minimum":0.5,"maximum":10}"#, "9.99"),
        (#"{"type":"number","exclusiveMinimum":0}"#, "0.001"), (#"{"enum":["a\nb"]}"#, #""a\nb""#),
        (#"{"type":"string","format":"email"}"#, #""jo.e@example.co.uk""#),
        (#"{"type":"string","format":"date"}"#, #""2024-12-31""#),
        (#"{"type":"string","format":"date-time"}"#, #""2024-12-31T23:59:59.5+02:00""#),
    ])
    func aUsualValueIsTaken(schema: String, text: String) throws { #expect(try accepts(schema, text)) }

    @Test(arguments: [
        (#"{}"#, #""\ud800""#), (#"{}"#, #""\udc00""#), (#"{}"#, "01"), (#"{}"#, "1."), (#"{}"#, "[1,]"),
        (#"{}"#, "\"a\nb\""),
        (#"{}"#, #""\x""#), (#"{"type":"object","properties":{"a":{}}}"#, #"{"c":1}"#),
        (#"{"type":"array"}"#, "[\n\n1]"),
        (#"{"type":"object","properties":{"a":{},"b":{}}}"#, #"{"b":1,"a":2}"#),
        (#"{"type":"integer","maximum":12}"#, "13"),
        (#"{"type":"object","properties":{"a":{}},"required":["a"]}"#, "{}"),
        (#"{"type":"string","maxLength":2}"#, #""abc""#),
        (#"{"type":"object","properties":{"a":{"type":"null"}},"additionalProperties":{}}"#, #"{"b":1,"a":2}"#),
        (#"{"type":"number","minimum":0.5,"maximum":10}"#, "10.01"),
        (#"{"type":"number","exclusiveMinimum":0}"#, "0.0"),
        (#"{"type":"string","format":"date"}"#, #""2023-02-30""#),
        (#"{"type":"string","format":"ipv4"}"#, #""256.1.1.1""#),
        (#"{"type":"string","pattern":"^a"}"#, #""ba""#),
    ])
    func anInvalidValueIsNot(schema: String, text: String) throws { #expect(try !accepts(schema, text)) }

    @Test func referencesThatOnlyMeetEachOtherAreFollowed() throws {
        let schema = ##"""
            {"$ref": "#/$defs/a", "$defs": {
                "a": {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "integer"}]},
                "b": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}
            }}
            """##
        #expect(try accepts(schema, "12") && accepts(schema, "null") && !accepts(schema, "true"))
    }
}
