import Companion
import Foundation
import Yams

/// The settings of one run, layered: command line, environment, file, default.
package struct Configuration: Sendable {
    private let environment: [String: String]
    private let fileValues: [String: String]
    private let filePath: String
    /// The settings file as it was read, for what is not a flat setting: `mcp`.
    package let fileText: String

    /// Reads the environment and the settings file.
    ///
    /// - Parameter file: a YAML file that must exist; without one, `annie.yaml` in the current directory and then
    ///   `~/.config/annie/annie.yaml` are tried.
    package init(
        file: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SettingError) {
        self.environment = environment
        guard let path = file ?? environment["ANNIE_CONFIG"] ?? Self.usualFile(environment) else {
            filePath = ""
            fileText = ""
            fileValues = [:]
            return
        }
        filePath = path
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw .malformedFile(path, reason: "the settings file cannot be read: \(error.localizedDescription)")
        }
        fileText = text
        fileValues = try Self.parse(text, path: path)
    }

    /// The setting's value, nil if neither given nor defaulted.
    package func optional<Value>(_ setting: Setting<Value>, _ given: Value? = nil) throws(SettingError) -> Value? {
        try explicit(setting, given) ?? setting.defaultValue
    }

    /// The value that somebody has set; nil where only the default would do.
    package func explicit<Value>(_ setting: Setting<Value>, _ given: Value? = nil) throws(SettingError) -> Value? {
        if let given { return try setting.checked(given, source: .commandLine) }
        if let text = environment[setting.environmentName], !text.isEmpty {
            return try setting.value(from: text, source: .environment(variable: setting.environmentName))
        }
        if let text = fileValues[setting.name] { return try setting.value(from: text, source: .file(filePath)) }
        return nil
    }

    /// The value of a setting that has a default.
    package func value<Value>(_ setting: Setting<Value>, _ given: Value? = nil) throws(SettingError) -> Value {
        guard let value = try optional(setting, given) else {
            preconditionFailure("\(setting.name) has no default; ask with optional(_:_:)")
        }
        return value
    }

    /// `ANNIE_*` variables that set nothing, with the nearest name that would.
    package func strayVariables() -> [(variable: String, nearest: String?)] {
        let known = Set(
            OptionTable.all.map(\.environmentName) + [
                "ANNIE_CONFIG", "ANNIE_CACHE", "ANNIE_MODELS", "ANNIE_SEARXNG_URL",
            ])
        return environment.keys.filter { $0.hasPrefix("ANNIE_") && !known.contains($0) }.sorted()
            .map { ($0, nearestName(to: $0, among: known.sorted())) }
    }

    private static func usualFile(_ environment: [String: String]) -> String? {
        var candidates = ["annie.yaml"]
        if let home = environment["HOME"] { candidates.append(home + "/.config/annie/annie.yaml") }
        return candidates.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// A flat mapping from setting names (dashes or underscores) to scalars or lists of scalars.
    package static func parse(_ text: String, path: String) throws(SettingError) -> [String: String] {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw .malformedFile(path, reason: "not valid YAML: \(error)")
        }
        guard let root, root != Node("") else { return [:] }
        guard let mapping = root.mapping else {
            throw .malformedFile(path, reason: "expected lines of the form `option: value`")
        }
        var values: [String: String] = [:]
        for (keyNode, node) in mapping {
            let key = keyNode.string ?? ""
            // The list of tool servers is the companion's to read.
            if key == "mcp" { continue }
            let name = key.replacing("_", with: "-")
            guard let setting = OptionTable.setting(named: name) else {
                throw .unknownKey(key, nearest: nearestName(to: name, among: OptionTable.all.map(\.name)), file: path)
            }
            guard let value = scalarText(node) else {
                throw .malformedFile(path, reason: "'\(key)' must be \(setting.expectation), not a nested mapping")
            }
            if node.null != nil { continue }
            try setting.check(value, source: .file(path))
            values[name] = value
        }
        return values
    }

    private static func scalarText(_ node: Node) -> String? {
        switch node {
        case .scalar(let scalar): return scalar.string
        case .sequence(let sequence):
            let items = sequence.map { $0.scalar?.string }
            return items.contains(nil) ? nil : items.compactMap { $0 }.joined(separator: ",")
        default: return nil
        }
    }
}
