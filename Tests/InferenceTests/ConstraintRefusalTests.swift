import Inference
import JSON
import Testing

/// What cannot be honoured is refused, naming the place.
@Suite struct ConstraintRefusalTests {
    @Test(arguments: [
        (#"{"enum":[]}"#, "#/enum"), (#"{"type":"string","enum":[1,2]}"#, "#/enum"),
        (#"{"const":5,"maximum":4}"#, "#/const"),
        (#"{"type":"array","minItems":3,"maxItems":2}"#, "#"), (#"{"type":"string","minLength":3,"maxLength":2}"#, "#"),
        (#"{"type":"integer","minimum":3,"maximum":2}"#, "#"),
        (#"{"type":"integer","minimum":3.1,"maximum":3.9}"#, "#"),
        (#"{"type":"number","exclusiveMinimum":3,"maximum":3}"#, "#"), (#"{"type":"number","minimum":1e300}"#, "#"),
        (#"{"type":"array","prefixItems":[{}],"items":false,"minItems":2}"#, "#/minItems"),
        (
            #"{"properties":{"a/b":{"properties":{},"required":["x"],"additionalProperties":false}}}"#,
            "#/properties/a~1b/required/0"
        ),
        (#"{"allOf":[{"type":"string"},{"type":"integer"}]}"#, "#/type"),
        (##"{"properties":{"next":{"$ref":"#"}},"required":["next"]}"##, "#/properties/next"),
        (#"{"properties":{"a":false},"required":["a"]}"#, "#/properties/a"), (#"false"#, "#"),
        (##"{"$ref":"#"}"##, "#"),
        (##"{"allOf":[{"$ref":"#"},{"type":"object"}]}"##, ""), (##"{"$ref":"#/$defs/none"}"##, "#/$ref"),
        (#"{"$ref":"https://example.com/x"}"#, "#/$ref"), (#"{"type":"text"}"#, "#/type"), (#"{"type":[]}"#, "#/type"),
        (#"{"items":{"not":{}}}"#, "#/items/not"), (#"{"if":{}}"#, "#/if"),
        (#"{"items":{},"uniqueItems":true}"#, "#/uniqueItems"),
        (#"{"type":"integer","multipleOf":5}"#, "#/multipleOf"), (#"{"contains":{}}"#, "#/contains"),
        (#"{"type":"object","minProperties":2}"#, "#/minProperties"), (#"{"anyOf":[]}"#, "#/anyOf"), (#"[]"#, "#"),
        (#"{"properties":{"a":{"type":"string","pattern":"(?=a)"}}}"#, "#/properties/a/pattern"),
        (#"{"type":"string","pattern":"a\\b"}"#, "#/pattern"), (#"{"type":"string","minLength":-1}"#, "#/minLength"),
        (#"{"properties":[]}"#, "#/properties"), (#"{"type":"object","required":"a"}"#, "#/required"),
        (#"{"type":"integer","minimum":"1"}"#, "#/minimum"), (#"{"properties":{"a":5}}"#, "#/properties/a"),
    ])
    func aSchemaThatCannotBeHonouredNamesThePlace(text: String, pointer: String) throws {
        let schema = try JSONValue(parsing: text)
        #expect {
            try JSONSchemaConstraint(schema, trie: ConstraintTestVocabulary.shared.trie)
        } throws: { error in
            guard let error = error as? ConstraintError else { return false }
            return pointer.isEmpty ? error.pointer.hasPrefix("#") : error.pointer == pointer
        }
    }

    @Test func anAlternativeThatContradictsIsLeftOut() throws {
        let schema: JSONValue = [
            "type": "string", "anyOf": [["type": "integer"], ["type": "string", "maxLength": 3]],
        ]
        let constraint = try JSONSchemaConstraint(schema, trie: ConstraintTestVocabulary.shared.trie)
        #expect(ConstraintTestVocabulary.shared.accepts(constraint, "\"abc\""))
    }

    @Test func anUnknownFormatIsNoted() throws {
        let schema: JSONValue = ["type": "string", "format": "hostname"]
        let constraint = try JSONSchemaConstraint(schema, trie: ConstraintTestVocabulary.shared.trie)
        #expect(constraint.notes == [##"#: 'format' "hostname" is not known and ignored."##])
    }

    // MARK: Hostile input

    private func refuses(_ rule: ConstraintRule, limits: ConstraintLimits = ConstraintLimits()) -> Bool {
        do {
            _ = try GrammarConstraint(rule, trie: ConstraintTestVocabulary.shared.trie, limits: limits)
            return false
        } catch { return true }
    }

    @Test func patternsThatExplodeAreRefused() {
        for pattern in [
            "(a|b)*a(a|b){20}", "((((a{100}){100}){100}){100}){100}", "(x+x+)+y{1000}{2}", ".*a.{15}b",
            String(repeating: "(", count: 5000), "a{1001}", "[a", "a)", "(", "*", "\\", "[b-a]", "a{2,1}", "\\1",
            "\\p{L}", "a^b",
        ] { #expect(refuses(.regex(pattern)), "\(pattern.prefix(30))") }
    }

    @Test func patternsThatBacktrackElsewhereAreHarmless() throws {
        let constraint = try GrammarConstraint(
            .regex("(a+)+b|(a|a)*c|(x+x+)+y"), trie: ConstraintTestVocabulary.shared.trie)
        #expect(ConstraintTestVocabulary.shared.accepts(constraint, String(repeating: "a", count: 200) + "c"))
    }

    @Test func deepSchemasAreRefused() {
        var schema: JSONValue = ["type": "string"]
        for _ in 0..<70 { schema = ["type": "array", "items": schema] }
        #expect(refuses(.jsonSchema(schema)))
    }

    @Test func largeSchemasAreRefused() {
        var limits = ConstraintLimits()
        limits.grammarNodes = 1000
        let names = (0..<200).map { JSONValue.string("name\($0 * 1_000_003)") }
        #expect(refuses(.jsonSchema(["enum": .array(names)]), limits: limits))
        limits = ConstraintLimits()
        limits.sourceBytes = 100
        #expect(refuses(.jsonSchema(["enum": .array(names)]), limits: limits))
    }

    @Test func alternativesThatMultiplyStayBounded() throws {
        // Each level could be either of two arrays; the places would double with every bracket.
        let schema: JSONValue = [
            "anyOf": [
                ["type": "array", "items": ["$ref": "#"]], ["type": "array", "items": ["$ref": "#"], "maxItems": 5],
                ["type": "null"],
            ]
        ]
        let vocabulary = ConstraintTestVocabulary.shared
        let constraint = try JSONSchemaConstraint(schema, trie: vocabulary.trie)
        let depth = 20
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(vocabulary.accepts(constraint, text))
    }

    @Test func nestingOfARepliesIsBoundedAndStillEnds() throws {
        let vocabulary = ConstraintTestVocabulary.shared
        var matcher = try JSONSchemaConstraint(true, trie: vocabulary.trie).makeMatcher()
        let bracket = Int32(UInt8(ascii: "[")) + 2
        var depth = 0
        while vocabulary.allowed(&matcher).contains(bracket), depth < 1000 {
            matcher.accept(bracket)
            depth += 1
        }
        #expect(depth > 20 && depth < 300)
        for _ in 0..<depth {
            #expect(vocabulary.allowed(&matcher).contains(Int32(UInt8(ascii: "]")) + 2))
            matcher.accept(Int32(UInt8(ascii: "]")) + 2)
        }
        #expect(matcher.isComplete)
    }
}
