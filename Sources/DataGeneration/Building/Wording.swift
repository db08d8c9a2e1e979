import TrainingData

/// How banks' words become what a speech recogniser writes down.
enum Wording {
    private static let questionWords: Set<String> = [
        "what", "what's", "how", "how's", "why", "who", "who's", "when", "when's", "which", "where", "where's", "is",
        "are",
        "am", "was", "were", "do", "does", "did", "can", "could", "should", "would", "will", "has", "have", "may",
        "isn't",
        "any", "anything", "shall", "whose", "whom",
    ]
    private static let lowered: Set<String> = questionWords.union([
        "tell", "give", "name", "say", "list", "make", "write", "send", "show", "put", "look", "search", "find",
        "check",
        "save", "note", "add", "delete", "remove", "throw", "erase", "bin", "get", "read", "go", "my", "our", "the",
        "jot",
        "start", "we", "it's", "there's", "guess", "sing", "set", "play", "use", "remind", "explain", "suggest", "pick",
        "double", "remember", "don't", "you", "somebody", "nobody", "everything", "nothing", "format", "answer",
        "enumerate", "summarise", "compare", "please", "quote", "spell", "draw", "outline", "rank", "break", "google",
        "take", "keep", "create", "into", "check", "list", "new", "shopping", "jot",
        "in", "on", "at", "to", "from", "for", "by", "with", "since", "until", "under", "pretend", "imagine", "without",
    ])
    private static let tags = [" right", " don't you", " is that true", " doesn't it"]
    private static let prepositions: Set<String> = [
        "on", "in", "at", "for", "to", "from", "with", "behind", "by", "since", "until", "till", "under", "against",
    ]
    /// Words that ask for something to be done.
    private static let imperatives: Set<String> = [
        "tell", "give", "name", "list", "make", "write", "show", "put", "look", "search", "find", "check", "save",
        "note",
        "add", "delete", "remove", "throw", "erase", "bin", "get", "read", "go", "jot", "start", "explain", "suggest",
        "pick", "summarise", "compare", "google",
    ]

    static func firstWord(_ text: String) -> String { text.prefix { $0 != " " && $0 != "," }.lowercased() }

    /// As it stands within a sentence.
    static func inner(_ text: String) -> String {
        lowered.contains(firstWord(text)) ? text.prefix(1).lowercased() + text.dropFirst() : text
    }

    static func isImperative(_ text: String) -> Bool { imperatives.contains(firstWord(text)) }

    static func isQuestion(_ text: String) -> Bool { mark(for: text) == "?" || text.hasSuffix("?") }

    /// What ends the sentence.
    static func mark(for text: String) -> String {
        if let last = text.last, "?.!".contains(last) { return "" }
        if let last = text.split(separator: ",").last,
            questionWords.contains(firstWord(String(last.drop { $0 == " " })))
        {
            return "?"
        }
        if questionWords.contains(firstWord(text)) || tags.contains(where: text.hasSuffix) { return "?" }
        // "On which day …", "At what time …"
        let words = text.split(separator: " ").prefix(2).map { $0.lowercased() }
        return words.count == 2 && prepositions.contains(words[0]) && questionWords.contains(words[1]) ? "?" : "."
    }

    /// A frame with the words in it, `{q}` as they stand within a sentence and `{Q}` at its start.
    static func framed(_ words: String, in frame: String) -> String {
        let isAsk = ["can", "could", "would"].contains(firstWord(frame))
        let text = frame.replacing("{q}", with: inner(words)).replacing("{Q}", with: words)
        return text + (isAsk ? "?" : mark(for: words))
    }

    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// As some recognisers write: no capitals, no marks.
    static func bare(_ text: String) -> String {
        text.lowercased().filter { !".?!,".contains($0) }
    }
}
