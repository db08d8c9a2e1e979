import CSpeech
import Foundation

/// How a worker is started.
package protocol WorkerLaunching: Sendable {
    /// Starts one; the connection breaks when it ends.
    func launch() throws(SpeechError) -> LaunchedWorker
}

/// A worker that runs.
package struct LaunchedWorker: Sendable {
    /// The supervisor's end of the connection.
    package var socket: FrameSocket
    /// The process, if it is one of its own.
    package var processIdentifier: Int32?
    /// Ends the worker at once, whatever it does, and waits for that; called once, when the connection is broken.
    package var end: @Sendable () -> Void

    /// Breaks the connection, so that whoever reads from it ends the worker.
    func interrupt() { socket.shutDown() }

    /// A worker with these parts.
    package init(socket: FrameSocket, processIdentifier: Int32?, end: @escaping @Sendable () -> Void) {
        self.socket = socket
        self.processIdentifier = processIdentifier
        self.end = end
    }
}

/// Starts the worker as a child process.
package struct ChildProcessLaunch: WorkerLaunching {
    /// The program.
    package var executable: String
    /// What it is called with, without its own name.
    package var arguments: [String]

    /// A launch of this program.
    package init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    package func launch() throws(SpeechError) -> LaunchedWorker {
        let (ours, theirs) = try FrameSocket.pair()
        var identifier: Int32 = 0
        let texts = ([executable] + arguments).map { strdup($0) }
        defer { for text in texts { free(text) } }
        let error = theirs.withDescriptor { speech_spawn(executable, texts + [nil], $0, &identifier) }
        guard error == 0 else {
            throw .workerUnavailable(reason: "\(executable) cannot be started: \(String(cString: strerror(error)))")
        }
        let process = identifier
        return LaunchedWorker(socket: ours, processIdentifier: process) {
            kill(process, SIGKILL)
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
        }
    }
}
