import Foundation

/// Runs a helper program such as pip to its end.
enum ToolRunner {
    /// Runs `arguments[0]`, found in PATH, with its output going to `output` and its complaints into the error.
    ///
    /// Cancelling the task ends the program.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], output: FileHandle? = nil, scratch: URL
    ) async throws {
        let log = scratch.appending(path: "tool-\(UUID().uuidString).log")
        guard FileManager.default.createFile(atPath: log.path, contents: nil) else {
            throw ModelHubError.unwritable(path: log.path, reason: "the file cannot be made")
        }
        defer { try? FileManager.default.removeItem(at: log) }
        let complaints = try FileHandle(forWritingTo: log)
        defer { try? complaints.close() }

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = complaints
        let status = try await status(of: process, name: arguments[0])
        try Task.checkCancellation()
        guard status == 0 else {
            throw ModelHubError.toolFailed(tool: arguments[0], reason: reason(status: status, log: log))
        }
    }

    private static func status(of process: Process, name: String) async throws -> Int32 {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do { try process.run() } catch {
                    process.terminationHandler = nil
                    continuation.resume(throwing: ModelHubError.toolFailed(tool: name, reason: "\(error)"))
                }
            }
        } onCancel: {
            if process.isRunning { process.terminate() }
        }
    }

    /// The last lines of what the program said, or what its exit status means.
    private static func reason(status: Int32, log: URL) -> String {
        if status == 127 { return "it is not installed (not found in PATH)" }
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").suffix(3).joined(separator: " ")
        return lines.isEmpty ? "it ended with status \(status)" : String(lines.suffix(500))
    }
}
