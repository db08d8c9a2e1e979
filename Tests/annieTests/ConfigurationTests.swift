import Foundation
import Inference
import Testing
import annie

@Suite("Settings come from the command line, then the environment, then the file, then the default")
struct ConfigurationTests {
    private func configuration(file: String? = nil, environment: [String: String] = [:]) throws -> Configuration {
        guard let file else { return try Configuration(file: nil, environment: environment) }
        let path = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID()).yaml").path
        try file.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try Configuration(file: path, environment: environment)
    }

    @Test("each layer hides the ones after it")
    func layers() throws {
        let both = try configuration(file: "port: 9001", environment: ["ANNIE_PORT": "9002"])
        #expect(try both.value(OptionTable.port, 9003) == 9003)
        #expect(try both.value(OptionTable.port) == 9002)
        #expect(try configuration(file: "port: 9001").value(OptionTable.port) == 9001)
        #expect(try configuration().value(OptionTable.port) == 8000)
    }

    @Test("a setting without a default is nil when nobody gives it")
    func absent() throws { #expect(try configuration().optional(OptionTable.chatTemplate) == nil) }

    @Test("an empty environment variable counts as not set")
    func emptyVariable() throws {
        #expect(try configuration(environment: ["ANNIE_HOST": ""]).value(OptionTable.host) == "127.0.0.1")
    }

    @Test("an unknown key in the file is an error that names the nearest option")
    func unknownKey() {
        #expect {
            try configuration(file: "max-modl-len: 5")
        } throws: {
            guard case .unknownKey("max-modl-len", nearest: "max-model-len", _)? = $0 as? SettingError else {
                return false
            }
            return true
        }
    }

    @Test("a value of the wrong type names option, value, expectation and place")
    func wrongType() {
        let configuration = try? configuration(environment: ["ANNIE_PORT": "high"])
        #expect(
            throws: SettingError.unreadable(
                name: "port", text: "high", expected: "integer", source: .environment(variable: "ANNIE_PORT"))
        ) { try configuration?.value(OptionTable.port) }
    }

    @Test(
        "a value out of range is refused wherever it comes from",
        arguments: ["port: 70000", "top-p: 0", "max-queue: -1"])
    func outOfRange(file: String) {
        #expect(throws: SettingError.self) { try configuration(file: file) }
    }

    @Test("underscores are as good as dashes in the file")
    func underscores() throws {
        #expect(try configuration(file: "max_model_len: 77").optional(OptionTable.maxModelLength) == 77)
    }

    @Test("a list may be a YAML sequence or a comma-separated text")
    func lists() throws {
        for file in ["served-model-name: [a, b]", "served-model-name: a, b", "served-model-name:\n  - a\n  - b"] {
            #expect(try configuration(file: file).optional(OptionTable.servedModelName) == ["a", "b"])
        }
    }

    @Test("an empty file sets nothing", arguments: ["", "# only a comment\n", "port:\n"])
    func emptyFile(text: String) throws { #expect(try configuration(file: text).value(OptionTable.port) == 8000) }

    @Test("what is not a flat mapping is refused", arguments: ["- a", "port: {a: 1}", "a: [", "just text"])
    func malformed(text: String) { #expect(throws: SettingError.self) { try configuration(file: text) } }

    @Test("a settings file that was asked for must exist")
    func missingFile() {
        #expect(throws: SettingError.self) { try Configuration(file: "/no/such/annie.yaml", environment: [:]) }
    }

    @Test("a misspelt variable is found, with the name that was meant")
    func strayVariables() throws {
        let environment = ["ANNIE_PROT": "1", "ANNIE_CACHE": "/x", "PATH": "/"]
        let stray = try configuration(environment: environment).strayVariables()
        #expect(stray.map(\.variable) == ["ANNIE_PROT"])
        #expect(stray.first?.nearest == "ANNIE_PORT")
    }

    @Test(
        "bytes are read with binary units",
        arguments: [("1024", 1024), ("512M", 512 << 20), ("2GiB", 2 << 30), ("3 kb", 3072)])
    func byteSizes(text: String, bytes: Int) { #expect(ByteSize(settingText: text)?.bytes == bytes) }

    @Test("bytes that overflow or have no number are refused", arguments: ["9999999999T", "M", "-1", "1X"])
    func badByteSizes(text: String) { #expect(ByteSize(settingText: text) == nil) }
}

@Suite("The option table")
struct OptionTableTests {
    @Test("no two options share a name")
    func uniqueNames() {
        #expect(Set(OptionTable.all.map(\.name)).count == OptionTable.all.count)
    }

    @Test("every default is a value its own option accepts")
    func defaults() throws {
        for setting in OptionTable.all {
            if let text = setting.defaultText { try setting.check(text, source: .commandLine) }
        }
    }

    @Test("the engine's own defaults are the table's")
    func engineDefaults() {
        let engine = EngineOptions()
        #expect(OptionTable.maxSequences.defaultValue == engine.maximumSequences)
        #expect(OptionTable.maxBatchedTokens.defaultValue == engine.maximumBatchedTokens)
        #expect(OptionTable.cacheMemory.defaultValue?.bytes == engine.stateMemory)
        #expect(OptionTable.maxQueue.defaultValue == engine.queueLimit)
        #expect(OptionTable.enablePrefixCaching.defaultValue == engine.reusesPrefixes)
    }

    @Test("docs/Options.md is what `annie options` prints")
    func documentation() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/Options.md").standardized
        #expect(try String(contentsOf: file, encoding: .utf8) == optionsMarkdown())
    }
}
