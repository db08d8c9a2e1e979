import Foundation
import Locking

/// A child that is spoken to in lines over its standard streams, alone in its process group.
///
/// One thread reads what it writes, and reaps it. Its error stream is read and dropped, but for the end, which helps to
/// say why a start failed.
final class ChildProcess: Sendable {
    /// Bytes of a line, and of lines waiting to be read by the child; more is taken for a fault and ends it.
    static let maximumLine = 4 << 20

    private struct State {
        /// Nil once the child is reaped: its number may then be another's.
        var pid: pid_t?
        var input: Int32?
        var queuedBytes = 0
        var exitWaiters: [CheckedContinuation<Void, Never>] = []
        var complaints: [UInt8] = []
        var reason: String?
    }

    private let state: Locked<State>
    private let writing = DispatchQueue(label: "annie.child.write")

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - onLine: Called on the reading thread with each line the child writes, without its end.
    ///   - onExit: Called once, when the child and its group are gone, with how it ended.
    /// - Throws: ``ToolError`` when it cannot be started.
    init(
        command: String, arguments: [String], environment: [String: String],
        onLine: @escaping @Sendable (ChildProcess, Data) -> Void, onExit: @escaping @Sendable (String) -> Void
    ) throws {
        let started = try ChildSpawn.start(command: command, arguments: arguments, environment: environment)
        state = Locked(State(pid: started.pid, input: started.input))
        let thread = Thread { [self] in
            read(output: started.output, errors: started.errors, onLine: onLine)
            onExit(reap())
        }
        thread.name = "annie child"
        thread.stackSize = 512 << 10
        thread.start()
    }

    /// Queues a line; it is written when the child reads.
    func send(line: String) {
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        let isTooMuch = state.withLock { state in
            state.queuedBytes += bytes.count
            return state.queuedBytes > Self.maximumLine * 2
        }
        guard !isTooMuch else { return kill(because: "it does not read what it is sent") }
        writing.async { [self] in
            write(bytes)
            state.withLock { $0.queuedBytes -= bytes.count }
        }
    }

    /// Ends the child's input, asks it to end, and makes it end: returns when it is gone.
    func stop(patience: Duration = .milliseconds(500)) async {
        state.withLock { state in
            if let input = state.input { shutdown(input, Int32(SHUT_WR)) }
        }
        if await isGone(within: patience) { return }
        signal(SIGTERM)
        if await isGone(within: patience) { return }
        kill(because: "it was stopped")
        await exit()
    }

    /// Ends the child and its group at once.
    func kill(because reason: String) {
        state.withLock { $0.reason = $0.reason ?? reason }
        signal(SIGKILL)
    }

    /// The last words of its error stream; may hold what users said, so it is not for logs.
    var complaints: String {
        let bytes = state.withLock { $0.complaints }
        return ToolText.line(String(decoding: bytes, as: UTF8.self), limit: 300)
    }

    // MARK: Ending

    private func signal(_ number: Int32) {
        state.withLock { state in
            if let pid = state.pid { _ = Foundation.kill(-pid, number) }
        }
    }

    private func isGone(within limit: Duration) async -> Bool {
        (try? await withDeadline(limit) { await self.exit() }) != nil
    }

    private func exit() async {
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if state.pid != nil { state.exitWaiters.append(continuation) }
                return state.pid == nil
            }
            if isGone { continuation.resume() }
        }
    }

    /// Waits for the child, which has closed its output, and takes the rest of its group along.
    private func reap() -> String {
        guard let pid = state.withLock({ $0.pid }) else { return "ended" }
        var information = siginfo_t()
        // Not yet reaped, so that its number still means its group. One that closed its output but stays is ended.
        for attempt in 0..<100 where waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT | WNOHANG) == 0 {
            if information._sifields._sigchld.si_pid == pid { break }
            if attempt == 50 { signal(SIGTERM) }
            usleep(10_000)
        }
        signal(SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let (waiters, input, reason) = state.withLock { state in
            defer { (state.pid, state.input, state.exitWaiters) = (nil, nil, []) }
            return (state.exitWaiters, state.input, state.reason)
        }
        if let input { writing.async { close(input) } }
        for waiter in waiters { waiter.resume() }
        let end = status & 0x7F == 0 ? "it ended with status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F) ended it"
        return reason ?? end
    }

    // MARK: Streams

    private func write(_ bytes: [UInt8]) {
        guard let input = state.withLock({ $0.input }) else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            // A socket, not a pipe, so that a child that is gone is an error and not a signal.
            let count = rest.withUnsafeBytes { Foundation.send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func read(
        output: Int32, errors: Int32, onLine: (ChildProcess, Data) -> Void
    ) {
        defer {
            close(output)
            close(errors)
        }
        var lines = LineSplitter(maximumLength: Self.maximumLine)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var streams = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while streams[0].fd >= 0 {
            guard poll(&streams, 2, -1) >= 0 || errno == EINTR else { return }
            if streams[1].revents != 0 {
                let count = Foundation.read(errors, &buffer, buffer.count)
                if count > 0 { complain(buffer[..<count]) } else { streams[1].fd = -1 }
            }
            guard streams[0].revents != 0 else { continue }
            let count = Foundation.read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            for line in lines.append(buffer[..<count]) { onLine(self, line) }
            guard !lines.isTooLong else {
                return kill(because: "it wrote a line of more than \(Self.maximumLine >> 20) MiB")
            }
        }
    }

    private func complain(_ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            state.complaints += bytes.suffix(1000)
            state.complaints = state.complaints.suffix(1000)
        }
    }
}

/// Cuts a stream into lines.
struct LineSplitter {
    private var rest = Data()
    private let maximumLength: Int

    init(maximumLength: Int) { self.maximumLength = maximumLength }

    /// Whether the line that has begun is longer than allowed.
    var isTooLong: Bool { rest.count > maximumLength }

    /// The lines that have become whole, without their ends.
    mutating func append(_ bytes: some Sequence<UInt8>) -> [Data] {
        let start = rest.count
        rest.append(contentsOf: bytes)
        var lines: [Data] = []
        var search = rest.startIndex + start
        while let end = rest[search...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Data(rest[rest.startIndex..<end]))
            rest = rest[(end + 1)...]
            search = rest.startIndex
        }
        if !lines.isEmpty { rest = Data(rest) }
        return lines
    }
}
