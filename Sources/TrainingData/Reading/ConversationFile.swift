import JSON

/// The conversations of a JSONL file, one by one; a file may be larger than memory.
///
/// ```swift
/// var file = try ConversationFile(path: "chats.jsonl", policy: .skip { note($0) })
/// while let conversation = try file.next() { … }
/// ```
public struct ConversationFile {
    /// What becomes of samples that cannot be used.
    public enum Policy: Sendable {
        /// The first ends the reading.
        case refuse
        /// They are reported and left out.
        case skip(report: @Sendable (SampleProblem) -> Void)
    }

    /// Where the file is.
    public let path: String
    /// Samples read so far, good or not.
    public private(set) var sampleCount = 0
    private var lines: JSONLines
    private let policy: Policy

    /// Opens a file.
    public init(path: String, policy: Policy = .refuse) throws(DatasetError) {
        self.path = path
        self.policy = policy
        lines = try JSONLines(path: path)
    }

    /// The next conversation that can be used; nil at the file's end.
    ///
    /// - Throws: ``DatasetError``, or what the file system has against reading on.
    public mutating func next() throws -> TrainingConversation? {
        while let line = try lines.next() {
            sampleCount += 1
            do throws(SampleProblem) {
                guard let bytes = line.bytes else {
                    throw SampleProblem(line: line.number, .notJSON, "the line is longer than 16 MiB")
                }
                return try Self.conversation(bytes, line: line.number)
            } catch {
                switch policy {
                case .refuse: throw DatasetError.refused(path: path, error)
                case .skip(let report): report(error)
                }
            }
        }
        return nil
    }

    /// One sample, in any of the known forms, checked.
    public static func conversation(
        _ bytes: some Sequence<UInt8>, line: Int
    ) throws(SampleProblem) -> TrainingConversation {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch {
            throw SampleProblem(line: line, .notJSON, "\(error)")
        }
        guard let object = value.object else {
            throw SampleProblem(line: line, .unknownForm, "a sample must be a JSON object")
        }
        guard let form = SampleForm.of(object) else {
            let fields = object.keys.prefix(6).joined(separator: ", ")
            throw SampleProblem(
                line: line, .unknownForm,
                "the fields are \(fields.isEmpty ? "none" : fields); expected messages, conversations, or prompt and"
                    + " response")
        }
        let messages =
            switch form {
            case .messages: try MessageReader.messages(object, line: line)
            case .shareGPT: try ShareGPTReader.messages(object, line: line)
            case .pair: try PairReader.messages(object, line: line)
            }
        return try TrainingConversation(
            messages: messages, tools: try MessageReader.tools(object["tools"], line: line),
            category: object["category"]?.string, line: line
        ).validated()
    }
}
