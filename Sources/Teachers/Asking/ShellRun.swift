import Companion
import Foundation
import Locking

/// One run of a shell command in a process group of its own, which does not outlive it.
struct ShellRun: Sendable {
    let command: String
    let input: String
    let seconds: Double
    private static let longestOutput = 1 << 24
    private static let keptOfErrors = 2000

    /// What it wrote, once it has ended well.
    func output() async throws(TeacherError) -> String {
        let isCancelled = Locked(false)
        let result: Result<String, TeacherError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: run(isCancelled)) }
                thread.name = "annie teacher"
                thread.start()
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
        return try result.get()
    }

    private func run(_ isCancelled: Locked<Bool>) -> Result<String, TeacherError> {
        let child: ChildSpawn.Started
        do {
            child = try ChildSpawn.start(
                command: "/bin/sh", arguments: ["-c", command], environment: ProcessInfo.processInfo.environment)
        } catch { return .failure(.unreachable(place: "'\(command)'", reason: "\(error)")) }
        var streams = ChildStreams(child, input: input)
        let deadline = ProcessInfo.processInfo.systemUptime + seconds
        var problem: TeacherError?
        while problem == nil, streams.isOpen, !Self.hasEnded(child.pid) {
            if ProcessInfo.processInfo.systemUptime > deadline {
                problem = .tooSlow(place: "'\(command)'", seconds: seconds)
            } else if isCancelled.withLock({ $0 }) {
                problem = .cancelled
            } else if streams.output.count > Self.longestOutput {
                problem = .malformed(place: "'\(command)'", found: "more than \(Self.longestOutput >> 20) MiB")
            } else {
                streams.pass(milliseconds: 50)
            }
        }
        // Its end, seen before its last words were read.
        if problem == nil { streams.passRest() }
        let status = end(child.pid, before: problem == nil ? deadline : 0)
        streams.close()
        if let problem { return .failure(problem) }
        guard let status else { return .failure(.tooSlow(place: "'\(command)'", seconds: seconds)) }
        guard status == 0 else {
            let code = status & 0x7F == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
            let words = String(decoding: streams.errors.suffix(Self.keptOfErrors), as: UTF8.self)
                .split(whereSeparator: \.isWhitespace).joined(separator: " ").suffix(300)
            return .failure(.failed(command: command, reason: words.isEmpty ? code : "\(code): \(words)"))
        }
        return .success(String(decoding: streams.output, as: UTF8.self))
    }

    /// Whether the shell has ended; it stays unreaped, so that its number still means its group.
    private static func hasEnded(_ pid: pid_t) -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT | WNOHANG) == 0
            && information._sifields._sigchld.si_pid == pid
    }

    /// Waits for the shell until `deadline`, ends what is left of its group and reaps it.
    ///
    /// - Returns: How it ended; nil when it had to be made to.
    private func end(_ pid: pid_t, before deadline: Double) -> Int32? {
        while !Self.hasEnded(pid), ProcessInfo.processInfo.systemUptime < deadline { usleep(10_000) }
        let endedItself = Self.hasEnded(pid)
        if !endedItself {
            kill(-pid, SIGTERM)
            for _ in 0..<20 where !Self.hasEnded(pid) { usleep(10_000) }
        }
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return endedItself ? status : nil
    }
}

/// Our ends of a child's streams.
private struct ChildStreams {
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    private var polled: [pollfd]
    private var rest: ArraySlice<UInt8>
    private let descriptors: [Int32]

    init(_ child: ChildSpawn.Started, input: String) {
        descriptors = [child.output, child.errors, child.input]
        polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        polled[2].events = Int16(POLLOUT)
        rest = Array(input.utf8)[...]
    }

    /// Whether more may come out.
    var isOpen: Bool { polled[0].fd >= 0 }

    /// Waits for what can be read or written, and does it.
    mutating func pass(milliseconds: Int32) {
        guard poll(&polled, 3, milliseconds) > 0 else { return }
        if polled[2].fd >= 0, polled[2].revents != 0 { write() }
        if polled[0].fd >= 0, polled[0].revents != 0 { output += read(0) }
        if polled[1].fd >= 0, polled[1].revents != 0 { errors += read(1) }
        if errors.count > 1 << 16 { errors = Array(errors.suffix(1 << 12)) }
    }

    /// Reads what lies ready.
    mutating func passRest() {
        for index in 0...1 {
            while polled[index].fd >= 0 {
                polled[index].revents = 0
                guard poll(&polled[index], 1, 0) > 0 else { break }
                if index == 0 { output += read(0) } else { errors += read(1) }
            }
        }
    }

    func close() { for descriptor in descriptors { Foundation.close(descriptor) } }

    private mutating func read(_ index: Int) -> ArraySlice<UInt8> {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(polled[index].fd, &buffer, buffer.count)
        if count < 0, errno == EINTR { return [] }
        if count <= 0 { polled[index].fd = -1 }
        return buffer[..<max(0, count)]
    }

    private mutating func write() {
        // A socket, not a pipe, so that a child that is gone is an error and not a signal.
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = rest.withUnsafeBytes { send(polled[2].fd, $0.baseAddress, $0.count, flags) }
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        if count > 0 { rest = rest.dropFirst(count) }
        if count <= 0 || rest.isEmpty {
            shutdown(polled[2].fd, Int32(SHUT_WR))
            polled[2].fd = -1
        }
    }
}
