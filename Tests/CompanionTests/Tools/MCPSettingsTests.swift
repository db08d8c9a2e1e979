import Companion
import Testing

struct MCPSettingsTests {
    @Test func serversAreReadFromYAML() throws {
        let servers = try MCPServerSettings.list(
            yaml: """
                name: annie
                mcp:
                  - name: files
                    command: npx
                    args: [-y, server-files, /home, 3]
                    env: {TOKEN: abc, LEVEL: 2}
                  - name: clock
                    command: clock-server
                """)
        #expect(
            servers == [
                MCPServerSettings(
                    name: "files", command: "npx", arguments: ["-y", "server-files", "/home", "3"],
                    environment: ["TOKEN": "abc", "LEVEL": "2"]),
                MCPServerSettings(name: "clock", command: "clock-server"),
            ])
    }

    @Test(arguments: ["", "name: annie", "mcp:", "mcp: []", "mcp: ~"])
    func noServersAreNone(yaml: String) throws { #expect(try MCPServerSettings.list(yaml: yaml).isEmpty) }

    @Test(arguments: [
        ("mcp: files", "expected a list"), ("mcp: [files]", "mcp entry 1: expected name"),
        ("mcp: [{command: x}]", "mcp entry 1: expected a name"), ("mcp: [{name: '--', command: x}]", "expected a name"),
        ("mcp: [{name: a}]", "mcp entry 1 (a): expected a command"),
        ("mcp: [{name: a, command: x, arguments: []}]", "'arguments' is unknown"),
        ("mcp: [{name: a, command: x, args: -y}]", "args: expected a list"),
        ("mcp: [{name: a, command: x, args: [[y]]}]", "args: expected a list"),
        ("mcp: [{name: a, command: x, env: [y]}]", "env: expected names"),
        ("mcp: [{name: a, command: x, env: {\"A=B\": y}}]", "env: expected names"),
        ("mcp: [{name: a, command: x}, {name: a, command: y}]", "two servers are called 'a'"),
        ("mcp: [", "not YAML"),
    ])
    func whatIsWrongIsNamedWithItsPlace(yaml: String, words: String) {
        let error = #expect(throws: MCPSettingsError.self) { try MCPServerSettings.list(yaml: yaml) }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }
}
