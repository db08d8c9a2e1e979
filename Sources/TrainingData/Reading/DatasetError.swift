/// Why a dataset as a whole cannot be used.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file, or it may not be read.
    case unreadable(path: String)
    /// A sample cannot be used, and the reader was told to stop at the first.
    case refused(path: String, SampleProblem)

    /// What was found and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read; check that it is a file that is there and may be read"
        case .refused(let path, let problem):
            "\(path):\(problem). Correct the line, or skip such samples"
        }
    }
}

/// What is wrong with one sample of a dataset.
public struct SampleProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is, for counting.
    public enum Kind: String, Sendable, CaseIterable {
        /// The line is not JSON, or far too long.
        case notJSON = "not JSON"
        /// The object has none of the known forms.
        case unknownForm = "unknown form"
        /// A field is missing or of the wrong type.
        case wrongField = "wrong field"
        /// A role that is not known, or that may not stand there.
        case wrongRole = "wrong role"
        /// A tool call that nothing declares, or whose arguments are no object.
        case wrongToolCall = "wrong tool call"
        /// A tool result without its call, or a call without its result.
        case unmatchedToolResult = "unmatched tool result"
        /// There is nothing in it to learn.
        case nothingToLearn = "nothing to learn"
        /// Text that would end a turn or open one.
        case controlToken = "control token"
        /// The template does not print the assistant's text as it is.
        case lostSpan = "lost span"
        /// The template refuses the messages.
        case template = "template"
        /// More tokens than a sample may have.
        case tooLong = "too long"
    }

    /// Counted from 1; 0 where the sample came from no file.
    public var line: Int
    /// What kind of mistake it is.
    public var kind: Kind
    /// Where in the sample, what was found, what was expected. It quotes nothing that somebody said.
    public var message: String

    /// A problem.
    public init(line: Int, _ kind: Kind, _ message: String) {
        self.line = line
        self.kind = kind
        self.message = message
    }

    /// The file, where samples come from several.
    public var file: String?

    /// `17: messages[2]: …`, or `17 of lessons.jsonl: …` where samples come from several files.
    public var description: String { "\(line)" + (file.map { " of \($0)" } ?? "") + ": \(message)" }
}
