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
        let hasSeveralFiles = recipe.data.count > 1
        let problems = Locked<[SampleProblem]>([])
        for path in recipe.data {
            let name = hasSeveralFiles ? path : nil
            var file = try ConversationFile(
                path: path, policy: .skip { problem in problems.withLock { $0.append(problem.of(name)) } })
            while var conversation = try file.next() {
                conversation.file = name
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
                    problems.withLock { $0.append(error.of(conversation.file)) }
                    return []
                }
            }
        }
        self.taught = encoded(all.taught)
        self.heldOut = encoded(all.heldOut) { examples.append($0) }
        self.examples = examples
        self.problems = problems.withLock { $0 }
        guard !self.taught.isEmpty else {
            throw TeachingError.nothingToTeach(
                files: recipe.data, heldOut: self.heldOut.count, first: self.problems.first.map { "\($0)" })
        }
    }

    /// The largest token of all, which the model must have.
    var largestToken: Int32? { (taught + heldOut).lazy.compactMap { $0.tokens.max() }.max() }

    /// The template of a file.
    static func template(_ path: String) throws -> ChatTemplate {
        guard let source = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TeachingError.unreadable(path)
        }
        return try ChatTemplate(source: source)
    }
}

extension SampleProblem {
    fileprivate func of(_ file: String?) -> SampleProblem {
        var copy = self
        copy.file = file
        return copy
    }
}
