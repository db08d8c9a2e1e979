/// What a person typed in `annie chat`.
package enum ChatInput: Equatable {
    case say(String)
    case nothing
    case reset
    case system(String)
    case save(String)
    case statistics
    case help
    case exit
    /// A line that starts like a command but is none; the message says what to do.
    case mistake(String)

    /// Reads one text. `//` at the start says a text that begins with a slash.
    package init(_ text: String) {
        let trimmed = text.trimmingSpaces()
        guard trimmed.hasPrefix("/") else {
            self = trimmed.isEmpty ? .nothing : .say(trimmed)
            return
        }
        if trimmed.hasPrefix("//") {
            self = .say(String(trimmed.dropFirst()))
            return
        }
        let name = trimmed.prefix { !$0.isWhitespace }
        let argument = trimmed.dropFirst(name.count).trimmingSpaces()
        switch name {
        case "/reset", "/clear", "/new": self = .reset
        case "/system": self = .system(argument)
        case "/save": self = argument.isEmpty ? .mistake("/save needs a file name.") : .save(argument)
        case "/stats": self = .statistics
        case "/help", "/?": self = .help
        case "/exit", "/quit", "/bye": self = .exit
        default: self = .mistake("There is no command \(name). /help lists them; // starts a message with a slash.")
        }
    }

    package static let helpText = """
        /reset          forget the conversation, keep the system prompt
        /system TEXT    set the system prompt and start over; without TEXT, remove it
        /save FILE      add the conversation to FILE as a line of JSON ({"messages": […]})
        /stats          totals of this session
        /help           this list
        /exit           leave (also Ctrl-D)

        A line that ends in \\ goes on in the next. Ctrl-C stops the reply.
        """
}
