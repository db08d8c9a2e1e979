import Companion
import Foundation
import TrainingData

/// Lends out what the banks hold, so that conversations written by others are of people, moments and notes as varied as
/// ours, and are shown ours as examples.
package struct BankDraws {
    private var author: Author

    /// The same seed draws the same.
    package init(seed: UInt64) { author = Author(seed: seed) }

    /// Decides what callers draw themselves.
    package var random: SeededGenerator {
        get { author.random }
        set { author.random = newValue }
    }

    /// Somebody to talk with.
    package mutating func profile() -> Profile { author.person().profile }

    /// A time at which people are awake, and where.
    package mutating func moment() -> (now: Date, timeZone: TimeZone) {
        let scene = author.scene()
        return (scene.now, scene.timeZone)
    }

    /// Something lasting about the user: what it is about ("your locker number"), and the fact.
    package mutating func fact() -> (topic: String, text: String) {
        let known = author.known()
        return (known.topic, known.fact)
    }

    /// Something the user has written down.
    package mutating func note() -> (title: String, text: String) {
        let note = author.noted()
        return (note.title, note.text)
    }

    /// A whole conversation of a category.
    package mutating func conversation(_ category: Category) async -> TrainingConversation {
        await author.conversation(category)
    }
}
