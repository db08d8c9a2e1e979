import Companion
import Foundation
import Testing

@Suite("Persona and profile")
struct PersonaTests {
    @Test("The persona in the binary is the one in Personas/annie")
    func embedded() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Personas/annie")
        let file = try String(contentsOf: root.appending(path: "persona.yaml").standardized, encoding: .utf8)
        #expect(Persona.annieYAML == file)
        #expect(Persona.annie.name == "Annie")
        #expect(Persona.annie.rules.count >= 5)
        #expect(Persona.annie.voiceName == nil)
    }

    @Test("A persona's file gives all its parts")
    func parts() throws {
        let persona = try Persona(
            yaml: """
                name: Bea
                about: a bee
                rules: [Buzz.]
                tool_rules: One.
                greeting: Zzz
                voice: {name: joe, speed: 1.25}
                tools: []
                temperature: 0
                """)
        #expect(
            persona
                == Persona(
                    name: "Bea", about: "a bee", rules: ["Buzz."], toolRules: ["One."], greeting: "Zzz",
                    voiceName: "joe", voiceSpeed: 1.25, tools: [], temperature: 0))
    }

    @Test(
        "A mistake is named with its line, what was found and what to do",
        arguments: [
            ("name: A\nabout: b\ngreting: hi", "p:3: unknown key 'greting'; did you mean 'greeting'?"),
            ("name: A\nabout: b\nvoice:\n  sped: 1", "p:4: unknown key 'voice.sped'; did you mean 'speed'?"),
            ("name: A\nabout: b\nzzzzzz: 1", "p:3: unknown key 'zzzzzz'; remove it"),
            (
                "name: A\nabout: b\ntemperature: warm",
                "p:3: 'temperature' is 'warm'; expected a number from 0.0 to 2.0"
            ),
            ("name: [A]\nabout: b", "p:1: 'name' is a list; expected text"),
            ("name: A\nabout: b\nrules:\n  - a: b", "p:4: 'rules' is a mapping; expected a list of texts"),
            ("name: A\nabout: b\nvoice: loud", "p:3: 'voice' is 'loud'; expected lines of the form 'key: value'"),
            ("about: b", "p:1: 'name' is missing; add a line 'name: …'"),
            ("", "p: 'name' is missing; add a line 'name: …'"),
            ("- a", "p:1: 'the file' is a list; expected lines of the form 'key: value'"),
        ])
    func mistakes(yaml: String, message: String) {
        do {
            _ = try Persona(yaml: yaml, file: "p")
            Issue.record("accepted")
        } catch { #expect(error.description == message) }
    }

    @Test("What is not YAML is said to be none, with its line")
    func notYAML() {
        #expect(throws: PersonaFileError.self) { try Persona(yaml: "name: A\nabout: [", file: "p") }
        #expect(throws: PersonaFileError.self) { try Persona(yaml: "name: A\nname: B\nabout: c", file: "p") }
        do {
            _ = try Profile(yaml: "name: A\n  city: : x\n", file: "p")
            Issue.record("accepted")
        } catch { #expect(error.line == 2) }
        #expect(throws: PersonaFileError.self) { try Persona(contentsOf: "/nowhere/persona.yaml") }
    }

    @Test("No text ends the program: deep, long, broken or random")
    func fuzz() {
        _ = try? Profile(yaml: String(repeating: "[", count: 100_000))
        _ = try? Profile(yaml: String(repeating: "- ", count: 50_000))
        _ = try? Profile(yaml: String(repeating: "a: ", count: 50_000))
        _ = try? Profile(yaml: "preferences: &a [*a]")
        _ = try? Profile(yaml: "a: &a [x,x]\nb: &b [*a,*a]\npreferences: [*b,*b]")
        _ = try? Profile(yaml: String(repeating: "x", count: 1_000_000))
        let parts = [
            "name", ":", " ", "\n", "-", "[", "]", "{", "}", "'", "\"", "&a", "*a", "|", ">", "\t", "!!", "%", "\0",
            "ä", "? ",
        ]
        for seed in 0..<2000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let text = (0..<20).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
            _ = try? Profile(yaml: text)
            _ = try? Persona(yaml: text)
        }
    }

    @Test("Tools are allowed by name or by the beginning of one")
    func allowedTools() {
        let tools = ["a", "files_read", "files_write"].map {
            ToolDefinition(name: $0, description: "", parameters: .null)
        }
        var persona = Persona.annie
        persona.tools = ["files_*", "b"]
        #expect(persona.allowed(tools).map(\.name) == ["files_read", "files_write"])
        persona.tools = nil
        #expect(persona.allowed(tools).count == 3)
    }
}
