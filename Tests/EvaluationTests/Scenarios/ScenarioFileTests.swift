import Evaluation
import Foundation
import Testing

@Suite struct ScenarioFileTests {
    @Test(arguments: [
        ("", "empty"), ("category: [", "not valid YAML"), ("category: x\ncolour: red", "unknown key 'colour'"),
        ("category: x\ngates: [tidy]\n", "'gates'"), ("category: x\nthresholds: {concise: 2}", "from 0 to 1"),
        ("category: x\nscenarios: [{id: a, turns: [{user: hi, gates: [tool_calling]}]}]", "nothing to go by"),
        ("category: x\nscenarios: [{id: a, turns: [{user: hi}]}]", "ends with a turn that is judged"),
        ("category: x\ngates: [concise]\nscenarios: [{id: a, turns: []}]", "ends with a turn"),
        (
            "category: x\ngates: [concise]\nscenarios: [{id: a, turns: [{user: hi, assistant: yes}]}]",
            "ends with a turn"
        ),
        ("category: x\ngates: [concise]\nscenarios: [{turns: [{user: hi}]}]", "'id' is missing"),
        (
            "category: x\ngates: [concise]\nscenarios:\n- {id: a, turns: [{user: hi}]}\n- {id: a, turns: [{user: ho}]}",
            "stands at"
        ),
        ("category: x\ngates: [concise]\nscenarios: [{id: a, profile: nobody, turns: [{user: hi}]}]", "'profile'"),
        ("category: x\ngates: [concise]\nscenarios: [{id: a, clock: noon, turns: [{user: hi}]}]", "'clock'"),
        ("category: x\ngates: [concise]\nscenarios: [{id: a, tools: [hammer], turns: [{user: hi}]}]", "'tools'"),
        (
            "category: x\ngates: [tool_calling]\nscenarios: [{id: a, turns: [{user: hi, expect: {call: hammer}}]}]",
            "is no tool"
        ),
        (
            "category: x\ngates: [topic_switch]\nscenarios: [{id: a, turns: [{user: hi, expect: {says: ['a||b']}}]}]",
            "'says'"
        ),
        (String(repeating: "[", count: 200), "nested deeper"), ("scenarios: 5", "'category' is missing"),
        ("category: x\nscenarios: 5", "'scenarios'"),
    ])
    func whatIsWrongIsSaid(yaml: String, message: String) {
        #expect { try ScenarioSet(yaml: yaml, file: "f.yaml") } throws: { error in
            "\(error)".hasPrefix("f.yaml") && "\(error)".contains(message)
        }
    }

    @Test func brokenFilesNeverCrash() throws {
        let text = Array(
            "category: t\ngates: [concise]\nscenarios:\n  - id: a\n    turns:\n      - {user: hi, expect: {call: {name: remember, fact: [a]}, says: ['b|c']}}\n"
                .utf8)
        var state: UInt64 = 42
        for _ in 0..<2000 {
            var bytes = text
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let place = Int(state >> 33) % bytes.count
                switch state >> 60 & 3 {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8(state >> 20 & 0x7F)
                default: bytes.insert(bytes[Int(state >> 12) & 0xFFF % bytes.count % bytes.count], at: place)
                }
            }
            _ = try? ScenarioSet(yaml: String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func textTellsSetsApartByWhatIsAskedAndHowItIsJudged() throws {
        func text(_ results: String, _ call: String, blank: String = "") throws -> String {
            try ScenarioSet(
                yaml: """
                    \(blank)category: x
                    gates: [tool_calling]
                    scenarios: [{id: a, tools: [remember, search_memory], results: {\(results)},
                      turns: [{user: hi, expect: {call: {name: save_note, \(call)}}}]}]
                    """
            ).canonicalText
        }
        let first = try text("remember: ok, search_memory: no", "title: [a], text: [b]")
        #expect(try text("search_memory: no, remember: ok", "text: [b], title: [a]") == first)
        #expect(try text("remember: ok, search_memory: no", "title: [a], text: [b]", blank: "\n") == first)
        #expect(try text("remember: ok, search_memory: yes", "title: [a], text: [b]") != first)
        #expect(try text("remember: ok, search_memory: no", "title: [a], text: [c]") != first)
        #expect(first.contains("ok") && !first.contains("f.yaml"))
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Personas/annie/scenarios").path

    @Test func theShippedScenariosAreEnough() throws {
        let set = try ScenarioSet(contentsOf: [Self.folder])
        for gate in QualityGate.manners {
            #expect(set.promptCounts[gate, default: 0] >= 25, "\(gate)")
            #expect(set.thresholds[gate] != nil, "\(gate)")
            #expect(set.scenarios.count { $0.id.hasPrefix(Self.prefix(of: gate)) } >= 25, "\(gate)")
        }
        let talks = set.scenarios.filter { $0.askedTurns >= 2 && $0.id.hasPrefix("talk-") }
        #expect(talks.count >= 31)
        #expect(Set(talks.map(\.category)).count == 8)
        #expect(Set(set.scenarios.map(\.profile.name)).count >= 30)
    }

    private static func prefix(of gate: QualityGate) -> String {
        switch gate {
        case .thinkingLeak: "think-"
        case .toolCalling: "tool-"
        case .topicSwitch: "switch-"
        case .directAction: "direct-"
        case .honestMemory: "memory-"
        case .correctName: "name-"
        case .noEmoji: "emoji-"
        case .noFollowUp: "followup-"
        default: gate.rawValue + "-"
        }
    }

    @Test func noTwoPromptsAreTheSame() throws {
        let set = try ScenarioSet(contentsOf: [Self.folder])
        var seen: [String: String] = [:]
        for scenario in set.scenarios {
            for turn in scenario.turns {
                let words = Words(turn.user).all.joined(separator: " ")
                if words.count > 12, let other = seen[words] {
                    Issue.record("\(scenario.id) and \(other) say the same")
                }
                seen[words] = scenario.id
            }
        }
    }
}
