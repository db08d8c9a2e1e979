import Companion
import Foundation
import Yams

/// Reads a file of scenarios.
struct ScenarioReader {
    private let file: String
    private let category: String
    private let gates: [QualityGate]
    private let profiles: [String: Profile]
    private let defaults: Fields

    static func read(_ text: String, file: String, into set: inout ScenarioSet) throws(ScenarioError) {
        let root = try Fields.root(
            of: text, file: file,
            known: ["category", "about", "gates", "thresholds", "profiles", "profile", "clock", "tools", "scenarios"])
        let reader = try ScenarioReader(root, file: file)
        try reader.takeThresholds(root, into: &set)
        for node in try root.list("scenarios") {
            let scenario = try reader.scenario(node)
            if let other = set.scenarios.first(where: { $0.id == scenario.id }) {
                throw ScenarioError(
                    file: file, line: node.mark?.line, problem: "the id '\(scenario.id)' stands at \(other.place) too")
            }
            set.scenarios.append(scenario)
        }
    }

    private init(_ root: Fields, file: String) throws(ScenarioError) {
        self.file = file
        defaults = root
        category = try root.required("category")
        gates = try Self.gates(root) ?? []
        var profiles: [String: Profile] = [:]
        if let node = root.node("profiles") {
            let fields = try Fields(node, file: file, known: nil)
            for key in fields.keys { if let node = fields.node(key) { profiles[key] = try Self.profile(node, file) } }
        }
        self.profiles = profiles
    }

    private func takeThresholds(_ root: Fields, into set: inout ScenarioSet) throws(ScenarioError) {
        guard let node = root.node("thresholds") else { return }
        let fields = try Fields(node, file: file, known: QualityGate.allCases.map(\.rawValue))
        for gate in QualityGate.allCases {
            guard let text = try fields.string(gate.rawValue) else { continue }
            guard let rate = Double(text), (0...1).contains(rate) else {
                throw fields.wrong(gate.rawValue, "a rate from 0 to 1", nil)
            }
            if let other = set.thresholds[gate], other != rate {
                throw fields.wrong(gate.rawValue, "\(other), as another file has it", nil)
            }
            set.thresholds[gate] = rate
        }
    }

    private func scenario(_ node: Node) throws(ScenarioError) -> Scenario {
        let fields = try Fields(
            node, file: file, known: ["id", "category", "profile", "clock", "tools", "results", "turns"])
        var results: [String: String] = [:]
        if let node = fields.node("results") {
            let answers = try Fields(node, file: file, known: BuiltinTools.names)
            for key in answers.keys { results[key] = try answers.string(key) ?? "" }
        }
        var turns: [ScenarioTurn] = []
        for node in try fields.list("turns") { turns.append(try turn(node)) }
        guard let last = turns.last, last.scriptedReply == nil, turns.contains(where: { !$0.gates.isEmpty }) else {
            throw ScenarioError(
                file: file, line: fields.line, problem: "a scenario ends with a turn that is judged; this one does not")
        }
        return Scenario(
            id: try fields.required("id"), category: try fields.string("category") ?? category,
            profile: try profile(fields), clock: try clock(fields), tools: try tools(fields), results: results,
            turns: turns, place: "\(file):\(fields.line ?? 0)")
    }

    private func tools(_ fields: Fields) throws(ScenarioError) -> [String] {
        var wanted = try fields.strings("tools")
        if wanted == nil { wanted = try defaults.strings("tools") }
        let tools = wanted ?? BuiltinTools.names
        for name in tools where !BuiltinTools.names.contains(name) {
            throw fields.wrong("tools", "names of \(BuiltinTools.names.joined(separator: ", "))", nil)
        }
        // The prompt's order is the built-in one, whatever the file's.
        return BuiltinTools.names.filter(tools.contains)
    }

    private func clock(_ fields: Fields) throws(ScenarioError) -> String? {
        var text = try fields.string("clock")
        if text == nil { text = try defaults.string("clock") }
        guard let text else { return nil }
        let form = Date.ISO8601FormatStyle(timeZone: .gmt)
        guard let date = try? form.parse(text.replacing(" ", with: "T") + ":00Z") else {
            throw fields.wrong("clock", "a time such as 2026-03-03 14:05", nil)
        }
        return MessageContext.clock(at: date, in: .gmt)
    }

    private func profile(_ fields: Fields) throws(ScenarioError) -> Profile {
        guard let node = fields.node("profile") ?? defaults.node("profile") else { return Profile() }
        guard let name = node.scalar?.string else { return try Self.profile(node, file) }
        guard let profile = profiles[name] else {
            throw fields.wrong("profile", "one of \(profiles.keys.sorted().joined(separator: ", "))", node)
        }
        return profile
    }

    private static func profile(_ node: Node, _ file: String) throws(ScenarioError) -> Profile {
        let fields = try Fields(node, file: file, known: ["name", "city", "languages", "preferences"])
        return Profile(
            name: try fields.string("name") ?? "", city: try fields.string("city") ?? "",
            languages: try fields.strings("languages") ?? [], preferences: try fields.strings("preferences") ?? [])
    }

    private static func gates(_ fields: Fields) throws(ScenarioError) -> [QualityGate]? {
        guard let names = try fields.strings("gates") else { return nil }
        var gates: [QualityGate] = []
        for name in names {
            guard let gate = QualityGate(rawValue: name), !gates.contains(gate) else {
                let known = QualityGate.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.wrong("gates", "names of \(known), each once", nil)
            }
            gates.append(gate)
        }
        return gates
    }

    // MARK: Turns

    private func turn(_ node: Node) throws(ScenarioError) -> ScenarioTurn {
        let fields = try Fields(node, file: file, known: ["user", "assistant", "remembering", "gates", "expect"])
        let scripted = try fields.string("assistant")
        var expectation = ReplyExpectation()
        if let node = fields.node("expect") { expectation = try self.expectation(node) }
        let turn = ScenarioTurn(
            user: try fields.required("user"), remembering: try fields.strings("remembering") ?? [],
            scriptedReply: scripted, gates: scripted == nil ? try Self.gates(fields) ?? gates : [],
            expectation: expectation)
        for gate in turn.gates where !Self.canJudge(gate, turn.expectation) {
            throw ScenarioError(
                file: file, line: fields.line,
                problem: "the gate '\(gate.rawValue)' has nothing to go by; say what to expect")
        }
        return turn
    }

    private static func canJudge(_ gate: QualityGate, _ expectation: ReplyExpectation) -> Bool {
        switch gate {
        case .toolCalling: expectation.calls != nil
        case .directAction: expectation.calls?.isEmpty == false
        case .topicSwitch: !expectation.says.isEmpty || expectation.calls?.isEmpty == false
        case .honestMemory: expectation.forgets || !expectation.says.isEmpty
        case .correctName: expectation.name != nil || !expectation.says.isEmpty
        default: gate.needsNoExpectation
        }
    }

    private func expectation(_ node: Node) throws(ScenarioError) -> ReplyExpectation {
        let fields = try Fields(node, file: file, known: ["call", "may", "says", "avoids", "name", "forgets"])
        return ReplyExpectation(
            calls: try calls(fields), mayCall: try toolNames(fields, "may"), says: try fields.wordGroups("says"),
            avoids: try fields.wordGroups("avoids"),
            name: fields.isEmpty("name") ? "" : try fields.string("name"), forgets: try fields.bool("forgets") ?? false)
    }

    private func toolNames(_ fields: Fields, _ key: String) throws(ScenarioError) -> [String] {
        let names = try fields.strings(key) ?? []
        for name in names where !BuiltinTools.names.contains(name) {
            throw fields.wrong(key, "names of \(BuiltinTools.names.joined(separator: ", "))", nil)
        }
        return names
    }

    private func calls(_ fields: Fields) throws(ScenarioError) -> [ExpectedCall]? {
        guard let node = fields.node("call") else { return nil }
        if node.scalar?.string == "none" { return [] }
        var calls: [ExpectedCall] = []
        for node in node.sequence.map(Array.init) ?? [node] { calls.append(try call(node)) }
        return calls
    }

    private func call(_ node: Node) throws(ScenarioError) -> ExpectedCall {
        var arguments: [String: ExpectedCall.Argument] = [:]
        var name = node.scalar?.string ?? ""
        if node.scalar == nil {
            let fields = try Fields(node, file: file, known: nil)
            for key in fields.keys where key != "name" { arguments[key] = try argument(fields, key) }
            name = try fields.required("name")
        }
        let names = name.split(separator: "|").map(String.init)
        guard !names.isEmpty, names.allSatisfy(BuiltinTools.names.contains) else {
            throw ScenarioError(
                file: file, line: node.mark?.line,
                problem: "'\(name)' is no tool; expected one of \(BuiltinTools.names.joined(separator: ", ")), or none")
        }
        return ExpectedCall(names, arguments: arguments)
    }

    private func argument(_ fields: Fields, _ key: String) throws(ScenarioError) -> ExpectedCall.Argument {
        if fields.isEmpty(key) { return .absent }
        if let node = fields.node(key), let number = node.int.map(Double.init) ?? node.float,
            node.scalar?.style == .plain
        {
            return .number(number)
        }
        return .words(try fields.wordGroups(key))
    }
}

extension ScenarioSet {
    /// Reads one file's text.
    ///
    /// - Parameter file: What errors call it.
    public init(yaml: String, file: String = "scenarios.yaml") throws(ScenarioError) {
        self.init()
        try ScenarioReader.read(yaml, file: file, into: &self)
    }

    /// Reads files, and all of a folder's that end in `.yaml`, in the order of their names.
    public init(contentsOf paths: [String]) throws(ScenarioError) {
        self.init()
        for path in paths {
            for file in try Self.files(at: path) {
                let text: String
                do { text = try String(contentsOfFile: file, encoding: .utf8) } catch {
                    throw ScenarioError(file: file, problem: "cannot be read: \(error.localizedDescription)")
                }
                try ScenarioReader.read(text, file: (file as NSString).lastPathComponent, into: &self)
            }
        }
    }

    private static func files(at path: String) throws(ScenarioError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ScenarioError(file: path, problem: "there is no such file or folder")
        }
        guard isFolder.boolValue else { return [path] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let files = names.filter { $0.hasSuffix(".yaml") }.sorted().map { path + "/" + $0 }
        guard !files.isEmpty else { throw ScenarioError(file: path, problem: "the folder holds no .yaml file") }
        return files
    }
}
