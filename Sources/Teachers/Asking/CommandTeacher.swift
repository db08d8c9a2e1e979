/// A program that reads the prompt from its input and writes the reply to its output, such as `claude -p`.
public struct CommandTeacher: Teacher {
    /// The command.
    public var name: String { command }
    private let command: String
    private let seconds: Double

    /// A shell command. It and all that it starts are ended when it takes longer than the limit.
    public init(command: String, timeLimit: Double = 300) {
        self.command = command
        seconds = timeLimit
    }

    /// See ``Teacher/reply(to:)``.
    public func reply(to request: TeacherRequest) async throws(TeacherError) -> TeacherReply {
        let prompt = request.instructions + "\n\n" + request.task + "\n"
        return TeacherReply(text: try await ShellRun(command: command, input: prompt, seconds: seconds).output())
    }
}
