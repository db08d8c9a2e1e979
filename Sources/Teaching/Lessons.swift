import Checkpoints
import Foundation
import Locking
import Tokenization
import TrainingData

/// The conversations of a recipe as tokens: those that are taught, and those that only measure.
public struct Lessons: Sendable {
    /// What is taught.
    public let taught: [EncodedConversation]
    /// What is never taught, only measured.
    public let heldOut: [EncodedConversation]
    /// Conversations as they stand, of the held-out part: for examples of replies.
    public let examples: [TrainingConversation]
    /// What was left out, with its line.
    public let problems: [SampleProblem]
    /// What they were encoded with.
    public let tokenizer: Tokenizer

    /// Reads and encodes a recipe's data.
    ///
    /// - Parameter directory: The base checkpoint, whose tokenizer is used.
    /// - Throws: `DatasetError`, what the template or the tokenizer has against it, or ``TeachingError``.
    public init(recipe: Recipe, directory: URL) throws {
        var options = ConversationEncoder.Options()
        options.maximumTokens = recipe.maximumTokens
        let template = try recipe.chatTemplate.map(Self.template)
        let spelled = try recipe.spelledOut.isEmpty ? nil : SpelledOutTokens(recipe.spelledOut, of: directory)
        let encoder = try ConversationEncoder(
            checkpoint: directory, tokenizer: try spelled?.tokenizer(), template: template, options: options)
        tokenizer = encoder.tokenizer
        let split = HeldOutSplit(fraction: recipe.heldOut, salt: recipe.seed)
        var all = (taught: [TrainingConversation](), heldOut: [TrainingConversation]())
        let problems = Locked<[SampleProblem]>([])
        for path in recipe.data {
            var file = try ConversationFile(
                path: path, policy: .skip { problem in problems.withLock { $0.append(problem) } })
            while let conversation = try file.next() {
                if split.holdsOut(conversation) {
                    all.heldOut.append(conversation)
                } else {
                    all.taught.append(conversation)
                }
            }
        }
        if let count = recipe.conversations {
            // As many are measured as their share of all.
            let measured = Double(count) * Double(all.heldOut.count) / Double(max(1, all.taught.count))
            all.heldOut = EvenDraw.draw(Int(measured.rounded(.up)), of: all.heldOut, seed: recipe.seed)
            all.taught = EvenDraw.draw(count, of: all.taught, seed: recipe.seed)
        }
        var examples: [TrainingConversation] = []
        func encoded(_ conversations: [TrainingConversation], _ keep: (TrainingConversation) -> Void = { _ in })
            -> [EncodedConversation]
        {
            conversations.flatMap { conversation -> [EncodedConversation] in
                do throws(SampleProblem) {
                    let documents = try encoder.encode(conversation)
                    keep(conversation)
                    return documents
                } catch {
                    problems.withLock { $0.append(error) }
                    return []
                }
            }
        }
        self.taught = encoded(all.taught)
        self.heldOut = encoded(all.heldOut) { examples.append($0) }
        self.examples = examples
        self.problems = problems.withLock { $0 }
        guard !self.taught.isEmpty else {
            throw TeachingError.nothingToTeach(files: recipe.data, first: self.problems.first.map { "\($0)" })
        }
    }

    /// The template of a file.
    static func template(_ path: String) throws -> ChatTemplate {
        guard let source = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TeachingError.unreadable(path)
        }
        return try ChatTemplate(source: source)
    }
}

/// Why teaching does not begin or go on.
public enum TeachingError: Error, Equatable, CustomStringConvertible, Sendable {
    /// No conversation of the files can be used.
    case nothingToTeach(files: [String], first: String?)
    /// A file that cannot be read.
    case unreadable(String)
    /// Recipes that extend each other without end.
    case endlessRecipe(String)
    /// The directory to make is there.
    case outputExists(String)
    /// There is nothing to resume.
    case nothingToResume(String)
    /// An adapter's record that is not one.
    case badAdapter(String)
    /// Two tokens that the model cannot tell apart, one of which is to be learned.
    case indistinguishable(String, from: String)
    /// The run to resume was another.
    case otherRun(String)

    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .nothingToTeach(let files, let first):
            "no conversation in \(files.joined(separator: ", ")) can be taught"
                + (first.map { "; the first problem is at line \($0)" } ?? ": the files are empty")
        case .unreadable(let path): "\(path) cannot be read; check that it is there and is text"
        case .endlessRecipe(let path):
            "\(path): 'extends' leads through more than eight files; does a file extend itself?"
        case .outputExists(let path): "\(path) exists; choose another --output, or replace it with --overwrite"
        case .nothingToResume(let path): "\(path) holds no checkpoint to resume from; start without --resume"
        case .badAdapter(let path):
            "\(path) does not say \"base\", \"rounding\" and \"scales\"; write the adapter again"
        case .indistinguishable(let token, let other):
            "'\(token)' and '\(other)' have the same weights in the base's head, and low-rank teaching leaves the head as it "
                + "is: the model could never write the one and not the other. Write spell_out: ['\(token)'] into the "
                + "recipe, so that it is written in ordinary tokens, or teach with method: full"
        case .otherRun(let message): message
        }
    }
}
