/// Why a reply is not fit to be kept.
public enum Spoilage: String, Sendable, Equatable {
    /// The same words or sentences over and over.
    case loop
    /// Markup that belongs to the machine: thinking, tool calls, control tokens, a role's label.
    case leakedMarkup
    /// A heading, a table or a block of code.
    case markdown
    /// Nothing to show and no tool called.
    case empty
    /// A tool called again with the arguments it was called with before.
    case repeatedCall
    /// Tools called beyond the rounds that a reply may take.
    case tooManyRounds
    /// The third time in a row the same answer, though the questions differed.
    case repeatedAnswer
}
