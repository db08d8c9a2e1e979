import Foundation
import Yams

/// A YAML mapping that is read strictly: every key must be known and every value of its kind.
package struct YAMLMapping {
    private static let largestFile = 1 << 18
    /// Deeper than any file of ours, and far from where the parser's recursion could end the stack.
    private static let deepestNesting = 64

    private let file: String
    private let line: Int?
    private let prefix: String
    private let values: [String: Node]

    /// Reads a whole file's text; an empty one has no keys.
    package init(_ text: String, file: String, keys: [String]) throws(PersonaFileError) {
        guard text.utf8.count <= Self.largestFile else {
            throw PersonaFileError(file: file, problem: .notYAML("larger than \(Self.largestFile / 1024) KiB"))
        }
        guard Self.nesting(of: text) <= Self.deepestNesting else {
            throw PersonaFileError(file: file, problem: .notYAML("nested deeper than \(Self.deepestNesting) levels"))
        }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch { throw Self.failure(error, file: file) }
        try self.init(root ?? Node.mapping(.init([])), file: file, prefix: "", keys: keys)
    }

    private init(_ node: Node, file: String, prefix: String, keys: [String]) throws(PersonaFileError) {
        self.file = file
        self.prefix = prefix
        line = node.mark?.line
        var values: [String: Node] = [:]
        if node.null == nil {
            guard let mapping = node.mapping else {
                throw PersonaFileError(
                    file: file, line: node.mark?.line,
                    problem: .wrongValue(
                        key: prefix.isEmpty ? "the file" : String(prefix.dropLast()), found: Self.kind(of: node),
                        expected: "lines of the form 'key: value'"))
            }
            for (keyNode, value) in mapping {
                let key = keyNode.string ?? "?"
                guard keys.contains(key) else {
                    throw PersonaFileError(
                        file: file, line: keyNode.mark?.line,
                        problem: .unknownKey(prefix + key, nearest: nearestName(to: key, among: keys)))
                }
                if value.null == nil { values[key] = value }
            }
        }
        self.values = values
    }

    /// A line of text.
    package func string(_ key: String) throws(PersonaFileError) -> String? {
        guard let node = values[key] else { return nil }
        guard let text = node.scalar?.string else { throw wrong(key, node, "text") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A line of text that must be there.
    package func requiredString(_ key: String) throws(PersonaFileError) -> String {
        guard let text = try string(key), !text.isEmpty else {
            throw PersonaFileError(file: file, line: line, problem: .missingKey(prefix + key))
        }
        return text
    }

    /// A list of lines; a single line is a list of one.
    package func strings(_ key: String) throws(PersonaFileError) -> [String]? {
        guard let node = values[key] else { return nil }
        if let text = node.scalar?.string { return [text.trimmingCharacters(in: .whitespacesAndNewlines)] }
        guard let sequence = node.sequence else { throw wrong(key, node, "a list of texts") }
        var texts: [String] = []
        for item in sequence {
            guard let text = item.scalar?.string, item.null == nil else {
                throw wrong(key, item, "a list of texts")
            }
            texts.append(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return texts
    }

    /// A number within a range.
    package func number(_ key: String, in range: ClosedRange<Double>) throws(PersonaFileError) -> Double? {
        guard let node = values[key] else { return nil }
        guard let number = node.scalar.flatMap({ Double($0.string) }), range.contains(number) else {
            throw wrong(key, node, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A whole number within a range.
    package func integer(_ key: String, in range: ClosedRange<Int>) throws(PersonaFileError) -> Int? {
        guard let node = values[key] else { return nil }
        guard let number = node.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
            throw wrong(key, node, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `true` or `false`.
    package func bool(_ key: String) throws(PersonaFileError) -> Bool? {
        guard let node = values[key] else { return nil }
        guard let value = node.scalar.flatMap({ ["true": true, "false": false][$0.string] }) else {
            throw wrong(key, node, "true or false")
        }
        return value
    }

    /// One of the words that a type's cases are written as.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) throws(PersonaFileError) -> Choice? {
        guard let node = values[key] else { return nil }
        guard let value = node.scalar.flatMap({ Choice(rawValue: $0.string) }) else {
            throw wrong(key, node, "one of \(type.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    /// Whether the key is there.
    package func has(_ key: String) -> Bool { values[key] != nil }

    /// A mapping within this one; without it, one with no keys.
    package func mapping(_ key: String, keys: [String]) throws(PersonaFileError) -> YAMLMapping {
        try YAMLMapping(values[key] ?? .mapping(.init([])), file: file, prefix: prefix + key + ".", keys: keys)
    }

    /// A list of mappings within this one; without it, none.
    package func mappings(_ key: String, keys: [String]) throws(PersonaFileError) -> [YAMLMapping] {
        guard let node = values[key] else { return [] }
        guard let sequence = node.sequence else { throw wrong(key, node, "a list") }
        var mappings: [YAMLMapping] = []
        for (index, item) in sequence.enumerated() {
            mappings.append(
                try YAMLMapping(item, file: file, prefix: "\(prefix)\(key)[\(index + 1)].", keys: keys))
        }
        return mappings
    }

    private func wrong(_ key: String, _ node: Node, _ expected: String) -> PersonaFileError {
        PersonaFileError(
            file: file, line: node.mark?.line,
            problem: .wrongValue(key: prefix + key, found: Self.kind(of: node), expected: expected))
    }

    private static func kind(of node: Node) -> String {
        switch node {
        case .scalar(let scalar):
            if node.null != nil { return "empty" }
            return "'\(scalar.string.prefix(40))'"
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .alias: return "an alias"
        }
    }

    private static func failure(_ error: any Error, file: String) -> PersonaFileError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return PersonaFileError(file: file, line: mark.line, problem: .notYAML(problem))
        case .duplicatedKeysInMapping(let keys, let context):
            return PersonaFileError(
                file: file, line: context.mark.line,
                problem: .notYAML("written twice: \(keys.joined(separator: ", "))"))
        default: return PersonaFileError(file: file, problem: .notYAML("it cannot be decoded"))
        }
    }

    /// An upper bound of how deep the text nests: brackets that are open, or marks before a line's first word.
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
