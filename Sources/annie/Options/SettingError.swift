/// Where a setting's text was found.
package enum SettingSource: Sendable, Equatable, CustomStringConvertible {
    case commandLine
    case environment(variable: String)
    case file(String)

    package var description: String {
        switch self {
        case .commandLine: "the command line"
        case .environment(let variable): "the environment variable \(variable)"
        case .file(let path): path
        }
    }
}

/// Why the settings could not be used.
package enum SettingError: Error, Equatable, CustomStringConvertible {
    /// The text is not of the setting's type.
    case unreadable(name: String, text: String, expected: String, source: SettingSource)
    /// The value is of the right type but out of range.
    case refused(name: String, reason: String, source: SettingSource)
    /// The file holds a key that is no setting.
    case unknownKey(String, nearest: String?, file: String)
    /// The file is not a flat YAML mapping.
    case malformedFile(String, reason: String)

    package var description: String {
        switch self {
        case .unreadable(let name, let text, let expected, let source):
            "\(name) is '\(text)' in \(source), but must be \(expected)."
        case .refused(let name, let reason, let source):
            "\(name) in \(source): \(reason)"
        case .unknownKey(let key, let nearest, let file):
            "\(file): there is no option '\(key)'."
                + (nearest.map { " Did you mean '\($0)'?" } ?? " `annie options` lists them all.")
        case .malformedFile(let path, let reason):
            "\(path): \(reason)"
        }
    }
}
