/// What is wrong with a persona or profile file, and where.
public struct PersonaFileError: Error, Equatable, CustomStringConvertible, Sendable {
    /// What kind of mistake it is.
    public enum Problem: Sendable, Equatable {
        /// The file cannot be read, for this reason.
        case unreadable(String)
        /// The text is not YAML, for this reason.
        case notYAML(String)
        /// A key that means nothing here, and the known key it resembles.
        case unknownKey(String, nearest: String?)
        /// A value of another kind than the key takes.
        case wrongValue(key: String, found: String, expected: String)
        /// A key that must be there.
        case missingKey(String)
    }

    /// The file, or what stands for it.
    public var file: String
    /// Counted from 1; nil where no line is to blame.
    public var line: Int?
    /// What is wrong.
    public var problem: Problem

    /// File and line, what was found, what to do.
    public var description: String {
        let place = file + (line.map { ":\($0)" } ?? "") + ": "
        switch problem {
        case .unreadable(let reason): return place + "cannot be read: \(reason)"
        case .notYAML(let reason): return place + "not valid YAML: \(reason)"
        case .unknownKey(let key, let nearest):
            return place + "unknown key '\(key)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "; remove it")
        case .wrongValue(let key, let found, let expected):
            return place + "'\(key)' is \(found); expected \(expected)"
        case .missingKey(let key): return place + "'\(key)' is missing; add a line '\(key): …'"
        }
    }
}
