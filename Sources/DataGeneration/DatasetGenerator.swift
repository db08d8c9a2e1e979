import Companion
import JSON
import TrainingData

/// Writes conversations that teach Annie's manners, from banks of what people say and what she answers.
///
/// No model writes a word of it: what varies is drawn, and each tool's result is what the real tool says. The same seed
/// gives the same conversations, whatever the machine.
public struct DatasetGenerator: Sendable {
    /// Decides everything that is drawn.
    public var seed: UInt64

    /// A generator.
    public init(seed: UInt64) { self.seed = seed }

    /// So many conversations, of all categories in their shares, in a random order. All keep the rules of
    /// ``ReplyRules``, and no two are nearly alike.
    public func conversations(_ count: Int) async -> [TrainingConversation] {
        var author = Author(seed: seed)
        var conversations: [TrainingConversation] = []
        var duplicates = DuplicateFinder(threshold: 0.85)
        for (category, wanted) in Category.counts(of: max(0, count)) {
            var written = 0, tries = 0
            while written < wanted, tries < wanted * 20 {
                tries += 1
                let conversation = await author.conversation(category)
                guard ReplyRules.problems(of: conversation).isEmpty, duplicates.add(conversation) == nil else {
                    continue
                }
                conversations.append(conversation)
                written += 1
            }
        }
        return author.random.shuffled(conversations)
    }

    /// Everything a user says in the banks, with its open places, for tests that other prompts are not among it.
    public static var frames: [String] { Frames.all }
}
