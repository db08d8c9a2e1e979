import Companion
import Foundation
import JSON
import Logging
import Testing

private let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/env")

/// The fixture's servers, started and ended around a test.
private func withServers<Result>(
    _ arguments: [[String]], limit: Duration = .seconds(10), startLimit: Duration = .seconds(20),
    _ body: (Toolbox, MCPServers) async throws -> Result
) async throws -> Result {
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/mcp/server.py").path
    let settings = arguments.enumerated().map { position, arguments in
        var settings = MCPServerSettings(
            name: "server\(position + 1)", command: "python3", arguments: [script] + arguments,
            environment: ["GIVEN": "yes"])
        settings.timeLimit = limit
        settings.startLimit = startLimit
        return settings
    }
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let servers = await MCPServers.start(settings, backoff: .milliseconds(20), logger: logger)
    do {
        let result = try await body(Toolbox(servers.tools), servers)
        await servers.stop()
        return result
    } catch {
        await servers.stop()
        throw error
    }
}

private func call(_ toolbox: Toolbox, _ name: String, _ arguments: JSONValue = [:]) async -> Toolbox.Outcome {
    await toolbox.outcome(
        of: ToolCall(id: "1", name: name, arguments: arguments.text()), context: ToolRunContext(session: "s"))
}

/// Asks until the server is back.
private func callUntilItWorks(_ toolbox: Toolbox, _ name: String, _ arguments: JSONValue = [:]) async throws -> String {
    for _ in 0..<500 {
        let result = await call(toolbox, name, arguments)
        if !result.isError { return result.text }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("the server did not come back")
    return ""
}

private func isRunning(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }

@Suite(.enabled(if: hasPython), .serialized)
struct MCPTests {
    @Test func aToolIsFoundAndCalled() async throws {
        try await withServers([[]]) { toolbox, servers in
            #expect(servers.problems.isEmpty)
            #expect(await call(toolbox, "echo", ["text": "grüß dich"]).text == "test heard: grüß dich")
            #expect(await call(toolbox, "echo").text.contains("\"text\" is missing"))
            let failure = await call(toolbox, "fail")
            #expect(failure.isError && failure.text == "the kettle is broken")
            #expect(!toolbox.hasSideEffects("echo") && toolbox.hasSideEffects("crash"))
        }
    }

    @Test func namesAreMadeFitForModelsAndStayApart() async throws {
        try await withServers([[], ["--name", "other"]]) { toolbox, _ in
            let names = toolbox.definitions.map(\.name)
            #expect(Set(names).count == 20)
            #expect(names.contains("server1_remember"), "a built-in tool has the plain name")
            #expect(names.contains("echo") && names.contains("server2_echo"))
            #expect(names.contains("we_ird_n_me"))
            #expect(await call(toolbox, "server2_echo", ["text": "x"]).text == "other heard: x")
            #expect(await call(toolbox, "we_ird_n_me").text == "we-ird.näme of test")
            #expect(toolbox.definitions.allSatisfy { !$0.description.contains("<") })
        }
    }

    @Test func aServerGetsItsVariablesAndNoneOfOurs() async throws {
        setenv("BRAVE_API_KEY", "secret", 1)
        defer { unsetenv("BRAVE_API_KEY") }
        try await withServers([[]]) { toolbox, _ in
            #expect(await call(toolbox, "environment", ["name": "GIVEN"]).text == "yes")
            #expect(await call(toolbox, "environment", ["name": "BRAVE_API_KEY"]).text == "(not set)")
            #expect(await call(toolbox, "environment", ["name": "PATH"]).text != "(not set)")
        }
    }

    @Test(arguments: ["2024-11-05", "2025-03-26"])
    func olderVersionsOfTheProtocolAreSpoken(version: String) async throws {
        try await withServers([["--version", version]]) { toolbox, _ in
            #expect(await call(toolbox, "echo", ["text": "x"]).text == "test heard: x")
        }
    }

    @Test func whatTheServerAsksIsAnswered() async throws {
        try await withServers([["--mode", "asks"]]) { _, servers in #expect(servers.problems.isEmpty) }
    }

    @Test(arguments: [
        (["--mode", "exit"], "the database of kettles is missing"), (["--mode", "silent"], "within 1 s"),
        (["--mode", "garbage"], "named no version"), (["--mode", "badlist"], "list of tools"),
        (["--version", "1999-01-01"], "speaks version 1999-01-01"),
    ])
    func aServerThatDoesNotStartIsReportedAndTheOthersWork(arguments: [String], words: String) async throws {
        try await withServers([arguments, []], startLimit: .seconds(words == "within 1 s" ? 1 : 20)) {
            toolbox, servers in
            #expect(servers.problems.count == 1)
            #expect(servers.problems[0].hasPrefix("MCP server server1 (python3): "))
            #expect(servers.problems[0].contains(words), "\(servers.problems)")
            if words != "within 1 s" { #expect(toolbox.definitions.count == 10) }
        }
    }

    @Test func aCommandThatIsNotThereIsReported() async {
        let servers = await MCPServers.start([MCPServerSettings(name: "x", command: "no-such-program-here")])
        #expect(
            servers.problems == [
                "MCP server x (no-such-program-here): cannot start 'no-such-program-here': No such file or directory"
            ])
    }

    @Test func aListOfToolsWithoutEndIsCutOff() async throws {
        try await withServers([["--mode", "endless"]]) { toolbox, servers in
            #expect(servers.problems.isEmpty)
            #expect((1...128).contains(servers.tools.count))
        }
    }

    @Test func aCrashedServerIsStartedAgain() async throws {
        try await withServers([[]]) { toolbox, _ in
            let result = await call(toolbox, "crash")
            #expect(result.isError && result.text.contains("signal 9"), "\(result.text)")
            let text = try await callUntilItWorks(toolbox, "echo", ["text": "again"])
            #expect(text == "test heard: again")
        }
    }

    @Test func aServerThatFailsToStartAgainIsTriedUntilItDoes() async throws {
        try await withFolder { folder in
            let marker = folder.appending(path: "starts")
            try await withServers([["--mode", "crash-on-start-after-first", "--marker", marker.path]]) { toolbox, _ in
                _ = await call(toolbox, "crash")
                _ = try await callUntilItWorks(toolbox, "echo", ["text": "again"])
            }
            #expect(try String(contentsOf: marker, encoding: .utf8).split(separator: "\n").count == 4)
        }
    }

    @Test func aHangingCallIsGivenUpAndTheServerIsTold() async throws {
        try await withServers([[]], limit: .seconds(1)) { toolbox, _ in
            let result = await call(toolbox, "hang")
            #expect(result.isError && result.text == "it gave no answer within 1 s; go on without it")
            #expect(await call(toolbox, "cancelled").text == "[True]")
        }
    }

    @Test func aServerThatOnlyHangsIsStartedAgain() async throws {
        try await withFolder { folder in
            let marker = folder.appending(path: "starts")
            try await withServers([["--marker", marker.path]], limit: .milliseconds(400)) { toolbox, _ in
                for _ in 0..<2 { #expect(await call(toolbox, "hang").isError) }
                _ = try await callUntilItWorks(toolbox, "echo", ["text": "again"])
            }
            #expect(try String(contentsOf: marker, encoding: .utf8).split(separator: "\n").count >= 2)
        }
    }

    @Test func cancellingACallTellsTheServer() async throws {
        try await withServers([[]]) { toolbox, _ in
            let hanging = Task { await call(toolbox, "hang") }
            try await Task.sleep(for: .milliseconds(200))
            hanging.cancel()
            #expect(await hanging.value.text == "the call was cancelled")
            // The notice and the question go to the server side by side.
            var told = ""
            for _ in 0..<100 where told != "[True]" { told = await call(toolbox, "cancelled").text }
            #expect(told == "[True]")
        }
    }

    @Test(arguments: [
        ("another id", "yours", false), ("twice", "first", false), ("no result", "not a tool's result", true),
        ("not a result", "not a tool's result", true), ("not json", "after the noise", false),
        ("batch", "batched", false), ("error", "it refused: I will not ‹|im_end|>", true),
        ("image", "(an image)\na cat", false), ("structure", "{\"degrees\": 21}", false),
    ])
    func aServerThatLiesIsSeenThrough(how: String, words: String, isError: Bool) async throws {
        try await withServers([[]]) { toolbox, _ in
            let result = await call(toolbox, "lie", ["how": .string(how)])
            #expect(result.text.contains(words) && result.isError == isError, "\(result.text)")
            #expect(await call(toolbox, "echo", ["text": "still here"]).text == "test heard: still here")
        }
    }

    @Test(arguments: [("long line", "more than 4 MiB"), ("flood", "without end")])
    func aServerThatFloodsIsEndedAndStartedAgain(how: String, words: String) async throws {
        try await withServers([[]]) { toolbox, _ in
            let result = await call(toolbox, "lie", ["how": .string(how)])
            #expect(result.isError && result.text.contains(words), "\(result.text)")
            let text = try await callUntilItWorks(toolbox, "echo", ["text": "again"])
            #expect(text == "test heard: again")
        }
    }

    @Test func aLongResultIsCut() async throws {
        try await withServers([[]]) { toolbox, _ in
            let text = await call(toolbox, "lie", ["how": "big"]).text
            #expect(text.count < 4100 && text.hasSuffix("(cut here)"))
        }
    }

    @Test(arguments: ["normal", "stubborn"])
    func stoppingEndsTheServerAndWhatItHasStarted(mode: String) async throws {
        let pids = try await withServers([["--mode", mode]]) { toolbox, _ in
            await call(toolbox, "process").text.split(separator: " ").compactMap { Int32($0) }
        }
        try #require(pids.count == 3)
        #expect(pids[0] == pids[1], "it leads a group of its own")
        #expect(!isRunning(pids[0]))
        // Its own child is reaped by whoever inherits it, which may take a moment.
        for _ in 0..<200 where isRunning(pids[2]) && !isZombie(pids[2]) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!isRunning(pids[2]) || isZombie(pids[2]))
    }

    private func isZombie(_ pid: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        return status.split(separator: ")").last?.hasPrefix(" Z") ?? true
    }

    @Test func aCallAfterTheEndIsAnError() async throws {
        try await withServers([[]]) { toolbox, servers in
            await servers.stop()
            #expect(await call(toolbox, "echo", ["text": "x"]).text == "its server has been stopped")
        }
    }

    @Test func serversThatComeAndGoLeaveNothingOpen() async throws {
        func pipes() -> Int {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
            return names.count { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
                return target?.hasPrefix("pipe:") == true
            }
        }
        let before = pipes()
        for _ in 0..<5 { try await withServers([[]]) { _, _ in } }
        // Ten would be left; other tests may have a few of their own.
        #expect(pipes() < before + 5)
    }
}
