import Foundation
import Yams

/// Who the user is: what `annie init` asks for and the companion knows from the first word.
public struct Profile: Sendable, Equatable {
    /// What to call the user; empty when unknown.
    public var name: String
    /// Where the user lives; empty when unknown.
    public var city: String
    /// Languages the user speaks, the dearest first.
    public var languages: [String]
    /// What the companion should know: one sentence each.
    public var preferences: [String]

    /// A profile with these parts.
    public init(name: String = "", city: String = "", languages: [String] = [], preferences: [String] = []) {
        self.name = name
        self.city = city
        self.languages = languages
        self.preferences = preferences
    }

    /// Reads a profile's YAML.
    ///
    /// - Parameter file: What errors call it.
    public init(yaml: String, file: String = "profile.yaml") throws(PersonaFileError) {
        let root = try YAMLMapping(yaml, file: file, keys: ["name", "city", "languages", "preferences"])
        self.init(
            name: try root.string("name") ?? "", city: try root.string("city") ?? "",
            languages: try root.strings("languages") ?? [], preferences: try root.strings("preferences") ?? [])
    }

    /// Reads a profile's file.
    public init(contentsOf path: String) throws(PersonaFileError) {
        try self.init(yaml: try personaFileText(path), file: path)
    }

    /// The profile as its file holds it.
    public var yaml: String {
        var lines = ["# What your companion knows of you. Change it as you like."]
        lines.append("name: " + Self.quoted(name))
        lines.append("city: " + Self.quoted(city))
        lines.append("languages: [" + languages.map(Self.quoted).joined(separator: ", ") + "]")
        lines.append(preferences.isEmpty ? "preferences: []" : "preferences:")
        lines += preferences.map { "  - " + Self.quoted($0) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A word as it is; anything that YAML could take for something else, quoted.
    private static func quoted(_ text: String) -> String {
        let isWord =
            !text.isEmpty && text.allSatisfy { $0.isLetter || $0 == " " } && !text.hasPrefix(" ")
            && !text.hasSuffix(" ")
        let isLiteral = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
        if isWord, !isLiteral { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\u{00}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
