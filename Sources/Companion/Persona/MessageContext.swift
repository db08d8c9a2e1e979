import Foundation

/// What the companion tells the model within the user's messages, in square brackets: the clock and what happened before
/// the words, what is remembered after them.
///
/// The words come in while the user speaks and are read ahead, so what is known before them must stand before them, and
/// what only the whole of them brings to mind must follow.
public enum MessageContext {
    /// What the system prompt says of it.
    static let explanation =
        "Lines in square brackets within the user's messages are notes for you, not the user's words: the time, what"
        + " you remember, that you were interrupted. Use them silently and never write such lines yourself."

    static let interruptedNote = "[The user broke in: they heard no more of your last answer than stands above.]"
    static let unheardNote = "[The user broke in before they heard anything of your answer.]"
    private static let mostRecalled = 3
    private static let longestRecalled = 240

    /// Everything of it that is worded here, for the prompt's fingerprint.
    static var wording: String {
        [clock("{time}"), interruptedNote, unheardNote, remembered(["{fact}"])].joined(separator: "\n")
    }

    /// A user's message as the model gets it.
    ///
    /// - Parameters:
    ///   - lines: What stands before the words: what was said before and not answered, notes, the clock.
    ///   - facts: What the words bring to mind.
    public static func message(_ words: String, after lines: [String], remembering facts: [String]) -> ChatMessage {
        let remembered = remembered(facts)
        let parts = lines + [words] + (remembered.isEmpty ? [] : [remembered])
        return ChatMessage(.user, parts.joined(separator: "\n"))
    }

    /// The clock's line, such as `[Tuesday, 3 March 2026, 14:05]`.
    public static func clock(at date: Date, in timeZone: TimeZone) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
        let day = days[((parts.weekday ?? 1) + 6) % 7]
        let month = months[((parts.month ?? 1) + 11) % 12]
        return clock("\(day), \(parts.day ?? 0) \(month) \(parts.year ?? 0), \(two(parts.hour)):\(two(parts.minute))")
    }

    /// The line that says what is remembered; empty when that is nothing.
    public static func remembered(_ facts: [String]) -> String {
        let facts = facts.prefix(mostRecalled).map { harmless($0) }.filter { !$0.isEmpty }
        return facts.isEmpty ? "" : "[You remember: \(facts.joined(separator: " / "))]"
    }

    private static func clock(_ time: String) -> String { "[\(time)]" }

    /// One short line that cannot close its own bracket.
    private static func harmless(_ text: String) -> String {
        let line = oneLine(text).replacing("[", with: "(").replacing("]", with: ")")
        return line.count <= longestRecalled ? line : line.prefix(longestRecalled - 1) + "…"
    }

    private static func two(_ number: Int?) -> String {
        let text = String(number ?? 0)
        return text.count < 2 ? "0" + text : text
    }

    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
