import Companion
import Yams

/// A YAML mapping that is read strictly: every key must be known and every value of its kind.
struct Fields {
    let file: String
    let line: Int?
    private let values: [String: Node]
    private(set) var keys: [String] = []

    /// - Parameter known: The keys that mean something; nil takes any.
    init(_ node: Node, file: String, known: [String]?) throws(ScenarioError) {
        self.file = file
        line = node.mark?.line
        guard let mapping = node.mapping else {
            throw ScenarioError(file: file, line: line, problem: "expected lines of the form 'key: value'")
        }
        var values: [String: Node] = [:]
        for (keyNode, value) in mapping {
            let key = keyNode.string ?? "?"
            if let known, !known.contains(key) {
                throw ScenarioError(
                    file: file, line: keyNode.mark?.line,
                    problem: "unknown key '\(key)'; the keys here are \(known.joined(separator: ", "))")
            }
            values[key] = value
            keys.append(key)
        }
        self.values = values
    }

    func node(_ key: String) -> Node? { values[key] }

    /// Whether the key is there with nothing behind it.
    func isEmpty(_ key: String) -> Bool { values[key]?.null != nil }

    func string(_ key: String) throws(ScenarioError) -> String? {
        guard let node = values[key], node.null == nil else { return nil }
        guard let text = node.scalar?.string else { throw wrong(key, "text", node) }
        return text
    }

    func required(_ key: String) throws(ScenarioError) -> String {
        guard let text = try string(key), !text.isEmpty else {
            throw ScenarioError(file: file, line: line, problem: "'\(key)' is missing")
        }
        return text
    }

    func bool(_ key: String) throws(ScenarioError) -> Bool? {
        guard let node = values[key], node.null == nil else { return nil }
        guard let value = node.bool else { throw wrong(key, "true or false", node) }
        return value
    }

    /// A list of texts; a single text is a list of one.
    func strings(_ key: String) throws(ScenarioError) -> [String]? {
        guard let node = values[key], node.null == nil else { return nil }
        if let text = node.scalar?.string { return [text] }
        guard let sequence = node.sequence else { throw wrong(key, "a list of texts", node) }
        var texts: [String] = []
        for item in sequence {
            guard let text = item.scalar?.string, item.null == nil else { throw wrong(key, "a list of texts", item) }
            texts.append(text)
        }
        return texts
    }

    func wordGroups(_ key: String) throws(ScenarioError) -> [WordGroup] {
        var groups: [WordGroup] = []
        for text in try strings(key) ?? [] {
            guard let group = WordGroup(text) else { throw wrong(key, "words, alternatives separated by |", nil) }
            groups.append(group)
        }
        return groups
    }

    func list(_ key: String) throws(ScenarioError) -> [Node] {
        guard let node = values[key], node.null == nil else { return [] }
        guard let sequence = node.sequence else { throw wrong(key, "a list", node) }
        return Array(sequence)
    }

    func wrong(_ key: String, _ expected: String, _ node: Node?) -> ScenarioError {
        ScenarioError(
            file: file, line: node?.mark?.line ?? values[key]?.mark?.line ?? line,
            problem: "'\(key)' is not what it should be; expected \(expected)")
    }

    /// The mapping of a whole text, whose size and nesting are bounded.
    static func root(of text: String, file: String, known: [String]) throws(ScenarioError) -> Fields {
        guard text.utf8.count <= 1 << 20 else {
            throw ScenarioError(file: file, problem: "larger than 1 MiB; split it into several files")
        }
        let deepest = nesting(of: text)
        guard deepest <= 64 else { throw ScenarioError(file: file, problem: "nested deeper than 64 levels") }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw ScenarioError(file: file, line: line(of: error), problem: "not valid YAML: \(problem(of: error))")
        }
        guard let root else { throw ScenarioError(file: file, problem: "the file is empty") }
        return try Fields(root, file: file, known: known)
    }

    private static func line(of error: any Error) -> Int? {
        switch error as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    private static func problem(of error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "written twice: \(keys.joined(separator: ", "))"
        default: "it cannot be decoded"
        }
    }

    /// An upper bound of how deep the text nests, which keeps the parser's recursion within the stack.
    private static func nesting(of text: String) -> Int {
        var open = 0, deepest = 0, marks = 0, isAtStart = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
            case UInt8(ascii: "\n"): (marks, isAtStart) = (0, true)
            case UInt8(ascii: " "): if isAtStart { marks += 1 }
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if isAtStart { marks += 2 }
            default: isAtStart = false
            }
            deepest = max(deepest, open, marks / 2)
        }
        return deepest
    }
}
