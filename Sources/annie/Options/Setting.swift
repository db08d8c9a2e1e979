import ArgumentParser

/// One row of the option table: a value that may come from the command line, the environment, a YAML file or a default.
package struct Setting<Value: SettingValue>: Sendable {
    /// The name on the command line (`--max-model-len`) and in a YAML file; `ANNIE_MAX_MODEL_LEN` in the environment.
    package let name: String
    /// What it is when nobody says; nil where something else decides, as the help then tells.
    package let defaultValue: Value?
    /// One sentence for `--help` and the documentation.
    package let help: String
    /// Says why a value of the right type is still wrong; nil if it is fine.
    package let objection: @Sendable (Value) -> String?

    package init(
        _ name: String, default defaultValue: Value? = nil, help: String,
        objection: @escaping @Sendable (Value) -> String? = { _ in nil }
    ) {
        self.name = name
        self.defaultValue = defaultValue
        self.help = help
        self.objection = objection
    }

    /// The value that a text spells, wherever the text came from.
    package func value(from text: String, source: SettingSource) throws(SettingError) -> Value {
        guard let value = Value(settingText: text) else {
            throw .unreadable(name: name, text: text, expected: Value.expectation, source: source)
        }
        return try checked(value, source: source)
    }

    package func checked(_ value: Value, source: SettingSource) throws(SettingError) -> Value {
        if let reason = objection(value) { throw .refused(name: name, reason: reason, source: source) }
        return value
    }
}

/// A row of the table whose type does not matter, as for printing it.
package protocol AnySetting: Sendable {
    var name: String { get }
    var help: String { get }
    var defaultText: String? { get }
    var expectation: String { get }
    /// Throws if the text is no value for this setting.
    func check(_ text: String, source: SettingSource) throws(SettingError)
}

extension AnySetting {
    /// The variable that sets it.
    package var environmentName: String { Self.environmentName(of: name) }

    package static func environmentName(of name: String) -> String {
        "ANNIE_" + name.uppercased().replacing("-", with: "_")
    }
}

extension Setting: AnySetting {
    package var defaultText: String? { defaultValue?.settingText }
    package var expectation: String { Value.expectation }

    package func check(_ text: String, source: SettingSource) throws(SettingError) {
        _ = try value(from: text, source: source)
    }

    /// The help as `--help` shows it, with the default and the environment variable.
    var argumentHelp: ArgumentHelp {
        let standard = defaultText.map { "default: \($0); " } ?? ""
        return ArgumentHelp("\(help) (\(standard)\(environmentName))", valueName: Value.placeholder)
    }
}

extension Option {
    /// The command line's way to give a setting; nil if it was not given.
    init<Content>(_ setting: Setting<Content>) where Value == Content? {
        self.init(
            name: .customLong(setting.name), help: setting.argumentHelp,
            transform: { text in try setting.value(from: text, source: .commandLine) })
    }
}

extension Flag where Value == Bool? {
    /// The command line's way to turn a setting on or off; nil if neither was said.
    package init(_ setting: Setting<Bool>) {
        self.init(name: .customLong(setting.name), inversion: .prefixedNo, help: setting.argumentHelp)
    }
}
