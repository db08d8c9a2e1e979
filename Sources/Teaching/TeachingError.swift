/// Why teaching does not begin or go on.
public enum TeachingError: Error, Equatable, CustomStringConvertible, Sendable {
    /// A recipe's numbers that nothing can be taught with.
    case badRecipe(String)
    /// No conversation of the files can be used.
    case nothingToTeach(files: [String], heldOut: Int, first: String?)
    /// A file that cannot be read.
    case unreadable(String)
    /// Recipes that extend each other without end.
    case endlessRecipe(String)
    /// The directory to make is there.
    case outputExists(String)
    /// A run was broken off there, and would be lost.
    case unfinishedRun(String)
    /// There is nothing to resume.
    case nothingToResume(String)
    /// An adapter's record that is not one.
    case badAdapter(String)
    /// Two tokens that the model cannot tell apart, one of which is to be learned.
    case indistinguishable([String], from: [String])
    /// The run to resume was another.
    case otherRun(String)
    /// The tokenizer gives tokens that the model does not have.
    case foreignVocabulary(token: Int32, size: Int)
    /// The loss or the gradient is not a number any more.
    case diverged(step: Int, what: String, checkpoint: Int?)

    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .badRecipe(let message), .otherRun(let message): message
        case .nothingToTeach(let files, let heldOut, let first): Self.nothing(in: files, heldOut, first)
        case .unreadable(let path): "\(path) cannot be read; check that it is there and is text"
        case .endlessRecipe(let path):
            "\(path): 'extends' leads through more than eight files; does a file extend itself?"
        case .outputExists(let path): "\(path) exists; choose another --output, or replace it with --overwrite"
        case .unfinishedRun(let path):
            "\(path) holds a checkpoint of an earlier run, which a new one would replace; go on from it with --resume, or "
                + "begin anew with --overwrite"
        case .nothingToResume(let path): "\(path) holds no checkpoint to resume from; start without --resume"
        case .badAdapter(let path):
            "\(path) does not say \"base\", \"rounding\" and \"scales\"; write the adapter again"
        case .indistinguishable(let tokens, let others):
            "the lessons have \(Self.list(tokens)), whose weights in the base's head are those of \(Self.list(others)) too, "
                + "and low-rank teaching leaves the head as it is: the model could never write the one and not the other. "
                + "Write spell_out: [\(Self.list(tokens))] into the recipe, so that they are written in ordinary tokens, "
                + "or teach with method: full"
        case .foreignVocabulary(let token, let size):
            "the tokenizer gives the token \(token), and the model has \(size) tokens: the two do not belong together"
        case .diverged(let step, let what, let checkpoint): Self.diverged(step, what, checkpoint)
        }
    }

    private static func list(_ tokens: [String]) -> String {
        tokens.map { "'\($0)'" }.joined(separator: ", ")
    }

    private static func nothing(in files: [String], _ heldOut: Int, _ first: String?) -> String {
        let names = files.joined(separator: ", ")
        if let first { return "no conversation in \(names) can be taught; the first problem is at line \(first)" }
        return heldOut > 0
            ? "all of \(names) (conversations: \(heldOut)) is held out to measure with; lower held_out, or add data"
            : "no conversation in \(names) can be taught: the files are empty"
    }

    private static func diverged(_ step: Int, _ what: String, _ checkpoint: Int?) -> String {
        let found = "step \(step): the \(what) is not a number, so teaching stopped there. "
        if let checkpoint {
            return found + "The checkpoint after step \(checkpoint) is kept: go on from it with --resume and a lower "
                + "--learning-rate."
        }
        return found + (step <= 1 ? "Are the base model's weights sound?" : "Begin again with a lower --learning-rate.")
    }
}
