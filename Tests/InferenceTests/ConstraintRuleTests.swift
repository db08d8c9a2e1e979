import Inference
import JSON
import Locking
import Testing

@Suite struct ConstraintRuleTests {
    private let vocabulary = ConstraintTestVocabulary.shared

    @Test func choicesAreTakenWholeAndAlone() throws {
        let constraint = try GrammarConstraint(.choice(["positive", "pos", "nég"]), trie: vocabulary.trie)
        for text in ["positive", "pos", "nég"] { #expect(vocabulary.accepts(constraint, text)) }
        for text in ["", "posi", "positively", "neg"] { #expect(!vocabulary.accepts(constraint, text)) }
        #expect(throws: ConstraintError.self) { try GrammarConstraint(.choice([]), trie: vocabulary.trie) }
    }

    @Test func aJSONObjectIsAnObject() throws {
        let constraint = try GrammarConstraint(.jsonObject, trie: vocabulary.trie)
        #expect(vocabulary.accepts(constraint, #"{"a": [1, {"b": null}]}"#))
        #expect(!vocabulary.accepts(constraint, "[1]"))
        for seed in 0..<10 {
            let text = try #require(vocabulary.walk(constraint, seed: seed))
            #expect(try JSONValue(parsing: String(decoding: text, as: UTF8.self)).object != nil)
        }
    }

    @Test(
        arguments: [
            (#"{"json":{"type":"null"}}"#, ConstraintRule.jsonSchema(["type": "null"])),
            (#"{"json":"{\"type\":\"null\"}","regex":null}"#, .jsonSchema(["type": "null"])),
            (#"{"regex":"a+"}"#, .regex("a+")), (#"{"choice":["a","b"]}"#, .choice(["a", "b"])),
            (#"{"json_object":true}"#, .jsonObject), (#"{"json_object":false}"#, nil), (#"{}"#, nil),
        ] as [(String, ConstraintRule?)])
    func structuredOutputsAreRead(text: String, expected: ConstraintRule?) throws {
        #expect(try ConstraintRule(structuredOutputs: try JSONValue(parsing: text)) == expected)
    }

    @Test(arguments: [
        #"{"grammar":"root ::= a"}"#, #"{"structural_tag":"x"}"#, #"{"json":{},"regex":"a"}"#, #"{"choice":[1]}"#,
        #"{"regex":5}"#, #"{"json":"{"}"#,
    ])
    func structuredOutputsThatCannotBeFollowedAreRefused(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(throws: ConstraintError.self) { try ConstraintRule(structuredOutputs: value) }
    }

    // MARK: Tool choice

    private let tools = [
        ToolChoiceConstraint.Tool(
            name: "weather",
            parameters: [
                "type": "object", "properties": ["city": ["$ref": "#/$defs/name"]], "required": ["city"],
                "$defs": ["name": ["type": "string"]],
            ]),
        ToolChoiceConstraint.Tool(name: "time"),
    ]

    @Test func requiredToolsGiveAnArrayOfCalls() throws {
        let constraint = try GrammarConstraint(ToolChoiceConstraint.required(tools), trie: vocabulary.trie)
        #expect(vocabulary.accepts(constraint, #"[{"name": "weather", "parameters": {"city": "Oslo"}}]"#))
        #expect(
            vocabulary.accepts(constraint, #"[{"name": "time", "parameters": {}}, {"name":"time","parameters":{}}]"#))
        for text in [
            "[]", #"[{"name": "time", "parameters": {"city": "Oslo"}}]"#, #"[{"name": "other", "parameters": {}}]"#,
        ] {
            #expect(!vocabulary.accepts(constraint, text))
        }
    }

    @Test func oneCallCanBeAllThatIsTaken() throws {
        let rule = ToolChoiceConstraint.required(tools, maximumCalls: 1)
        let constraint = try GrammarConstraint(rule, trie: vocabulary.trie)
        #expect(vocabulary.accepts(constraint, #"[{"name":"time","parameters":{}}]"#))
        #expect(!vocabulary.accepts(constraint, #"[{"name":"time","parameters":{}},{"name":"time","parameters":{}}]"#))
    }

    @Test func aNamedToolGivesItsArguments() throws {
        let constraint = try GrammarConstraint(ToolChoiceConstraint.named(tools[0]), trie: vocabulary.trie)
        #expect(vocabulary.accepts(constraint, #"{"city":"Oslo"}"#))
        #expect(
            vocabulary.accepts(try GrammarConstraint(ToolChoiceConstraint.named(tools[1]), trie: vocabulary.trie), "{}")
        )
    }

    // MARK: The compiler's memory

    @Test func equalRulesShareOneConstraint() throws {
        let compiler = ConstraintCompiler { ConstraintTestVocabulary.shared.trie }
        let first = try compiler.constraint(for: .jsonSchema(["type": "null"]))
        #expect(try compiler.constraint(for: .jsonSchema(["type": "null"])) === first)
        #expect(try compiler.constraint(for: .regex("null")) !== first)
    }

    @Test func theLeastRecentlyUsedIsForgotten() throws {
        let compiler = ConstraintCompiler(capacity: 2) { ConstraintTestVocabulary.shared.trie }
        let first = try compiler.constraint(for: .regex("a"))
        let second = try compiler.constraint(for: .regex("b"))
        _ = try compiler.constraint(for: .regex("a"))
        _ = try compiler.constraint(for: .regex("c"))
        #expect(compiler.count == 2)
        #expect(try compiler.constraint(for: .regex("a")) === first)
        #expect(try compiler.constraint(for: .regex("b")) !== second)
    }

    @Test func theVocabularyIsReadOnceAndOnlyWhenNeeded() throws {
        let compiler = ConstraintCompiler { [box = ReadCounter.shared] in
            box.reads.withLock { $0 += 1 }
            return ConstraintTestVocabulary.shared.trie
        }
        #expect(ReadCounter.shared.reads.withLock { $0 } == 0)
        _ = try compiler.constraint(for: .regex("a"))
        _ = try compiler.constraint(for: .regex("b"))
        #expect(ReadCounter.shared.reads.withLock { $0 } == 1)
    }

    @Test func repliesOnManyThreadsShareAConstraint() async throws {
        let constraint = try GrammarConstraint(.jsonObject, trie: vocabulary.trie)
        let texts = await withTaskGroup(of: [UInt8]?.self) { group in
            for _ in 0..<8 { group.addTask { ConstraintTestVocabulary.shared.walk(constraint, seed: 1) } }
            var texts: [[UInt8]?] = []
            for await text in group { texts.append(text) }
            return texts
        }
        #expect(Set(texts).count == 1 && texts[0] != nil)
    }
}

private final class ReadCounter: Sendable {
    static let shared = ReadCounter()
    let reads = Locked(0)
}
