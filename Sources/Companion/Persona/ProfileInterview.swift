/// The three questions of `annie init`, without the terminal: ask, answer, and take the profile.
public struct ProfileInterview: Sendable, Equatable {
    /// The questions in order.
    public static let questions = [
        "What should your companion call you?",
        "Which city do you live in?",
        "Which languages do you speak, and what should she know about you?"
            + " (For example: English and Kannada; vegetarian; works nights)",
    ]
    private static let longestAnswer = 1000

    /// What has been found out so far.
    public private(set) var profile = Profile()
    private var answered = 0

    /// Nothing asked yet.
    public init() {}

    /// What to ask now; nil when all is answered.
    public var question: String? {
        answered < Self.questions.count ? Self.questions[answered] : nil
    }

    /// Takes an answer, which may be empty: the user need not tell.
    ///
    /// - Returns: What to tell the user before asking again; nil when the answer was taken.
    public mutating func answer(_ text: String) -> String? {
        guard question != nil else { return nil }
        guard text.count <= Self.longestAnswer else {
            return "That is longer than \(Self.longestAnswer) characters; a few words will do."
        }
        let text = oneLine(text)
        switch answered {
        case 0: profile.name = text
        case 1: profile.city = text
        default: takeFacts(text)
        }
        answered += 1
        return nil
    }

    /// Parts at semicolons and full stops; of each, the languages it names and the rest.
    private mutating func takeFacts(_ text: String) {
        for part in text.split(whereSeparator: { $0 == ";" }).flatMap({ $0.split(separator: ". ") }) {
            let items = Self.items(of: part)
            let languages = items.prefix { Self.languages.contains($0.lowercased()) }
            for language in languages {
                let name = language.prefix(1).uppercased() + language.dropFirst()
                if !profile.languages.contains(name) { profile.languages.append(name) }
            }
            if languages.isEmpty {
                profile.preferences.append(oneLine(part.hasSuffix(".") ? String(part.dropLast()) : String(part)))
            } else if languages.count < items.count {
                profile.preferences.append(items[languages.count...].joined(separator: ", "))
            }
        }
    }

    /// The members of an enumeration: `English, Kannada and Hindi`.
    private static func items(of part: Substring) -> [String] {
        part.replacing(" and ", with: ",").replacing("&", with: ",").split(separator: ",")
            .map { oneLine(String($0)) }.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }.filter { !$0.isEmpty }
    }

    private static let languages: Set<String> = [
        "afrikaans", "albanian", "amharic", "arabic", "armenian", "assamese", "bengali", "bulgarian", "burmese",
        "cantonese", "catalan", "chinese", "croatian", "czech", "danish", "dutch", "english", "estonian", "finnish",
        "french", "georgian", "german", "greek", "gujarati", "hausa", "hebrew", "hindi", "hungarian", "icelandic",
        "igbo", "indonesian", "irish", "italian", "japanese", "kannada", "kashmiri", "khmer", "konkani", "korean",
        "lao", "latin", "latvian", "lithuanian", "malay", "malayalam", "mandarin", "marathi", "mongolian", "nepali",
        "norwegian", "odia", "pashto", "persian", "polish", "portuguese", "punjabi", "romanian", "russian",
        "sanskrit", "serbian", "sindhi", "sinhala", "slovak", "slovenian", "somali", "spanish", "swahili", "swedish",
        "tagalog", "tamil", "telugu", "thai", "tibetan", "tulu", "turkish", "ukrainian", "urdu", "vietnamese",
        "welsh", "xhosa", "yoruba", "zulu",
    ]
}

/// The text with every run of white space and control characters as one space, none at its ends.
func oneLine(_ text: String) -> String {
    text.split { character in
        character.isWhitespace || character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    }.joined(separator: " ")
}
