/// What is wrong with a scenario file, and where.
public struct ScenarioError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The file, or what stands for it.
    public var file: String
    /// Counted from 1; nil where no line is to blame.
    public var line: Int?
    /// What was found, what was expected.
    public var problem: String

    /// File, line and problem.
    public var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + problem }
}
