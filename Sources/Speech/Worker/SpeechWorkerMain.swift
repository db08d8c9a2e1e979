import Foundation

/// The speech worker's own program: the command line runs it as `annie speech-worker`.
public enum SpeechWorkerMain {
    /// Serves the supervisor on standard input until that is gone, and ends the process.
    ///
    /// - Parameter models: Where the models are.
    public static func run(models: SpeechModels) -> Never {
        // Ctrl-C reaches the whole group; the supervisor decides when the worker ends, by closing the connection.
        signal(SIGINT, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        SpeechServer(socket: FrameSocket(descriptor: STDIN_FILENO), stages: .models(models)).run()
        // Whatever is still being computed is for nobody.
        _exit(0)
    }

    /// The arguments with which ``run(arguments:)`` finds the models.
    static func arguments(for models: SpeechModels) -> [String] { ["--models", models.directory.path] }

    /// Runs with `--models DIRECTORY`; ends with status 64 when the arguments are others.
    public static func run(arguments: [String]) -> Never {
        guard arguments.count == 2, arguments[0] == "--models" else {
            FileHandle.standardError.write(
                Data("The speech worker is started by Annie herself, with --models DIRECTORY.\n".utf8))
            exit(64)
        }
        run(models: SpeechModels(directory: URL(filePath: arguments[1])))
    }
}
