extension SpokenRules {
    /// `https://www.example.org/a/b` is "example dot org": where it leads is enough to hear.
    static func address(_ scanner: inout TextScanner) -> String? {
        let hasScheme = scanner.take("https://") || scanner.take("http://")
        let hasPrefix = scanner.take("www.")
        let host = scanner.take { $0.isWordPart || "-._@+".contains($0) }
        let ending = host.reversed().prefix { ".-_@+".contains($0) }.count
        let name = host.dropLast(ending)
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard hasScheme || hasPrefix || looksLikeAddress(name, parts) else { return nil }
        guard !parts.isEmpty, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let rest = ending == 0 ? scanner.take { !$0.isWhitespace && !"\"'<>".contains($0) } : ""
        let words = name.reduce(into: "") { words, character in
            words +=
                addressSigns[character]
                ?? (character.isDigit ? " \(NumberWords.digits("\(character)")) " : "\(character)")
        }
        // A mark at the end of an address is the sentence's own.
        let mark = ending > 0 ? host.last : rest.last
        return words + (mark.map { ".,;:!?".contains($0) ? String($0) : "" } ?? "")
    }

    private static func looksLikeAddress(_ name: Substring, _ parts: [Substring]) -> Bool {
        if name.contains("@") { return name.split(separator: "@").count == 2 && parts.count > 1 }
        guard parts.count > 1, let last = parts.last else { return false }
        return topLevels.contains(last.lowercased()) && parts.allSatisfy { $0.first?.isLetter ?? false }
    }

    private static let addressSigns: [Character: String] = [
        "@": " at ", ".": " dot ", "-": " dash ", "_": " underscore ", "+": " plus ",
    ]

    private static let topLevels: Set<String> = [
        "com", "org", "net", "edu", "gov", "io", "dev", "ai", "app", "uk", "de", "fr", "eu", "info",
    ]

    /// `Dr.`, `e.g.`, `No. 5`.
    static func abbreviation(_ scanner: inout TextScanner) -> String? {
        for entry in abbreviations {
            var ahead = scanner
            guard ahead.take(entry.sign), ahead.isAtBoundary else { continue }
            if entry.needs == .nothing || fits(entry.needs, ahead) {
                scanner = ahead
                let ends = entry.sign.hasSuffix(".") && entry.needs == .nothing
                return entry.words + (ends ? endOfSentence(ahead) : "")
            }
        }
        return nil
    }

    private enum Need { case nothing, name, number }

    private static func fits(_ need: Need, _ scanner: TextScanner) -> Bool {
        guard scanner.peek() == " ", let next = scanner.peek(1) else { return false }
        return need == .name ? next.isUppercase : next.isDigit
    }

    /// A full stop if the one of an abbreviation also ended the sentence.
    static func endOfSentence(_ scanner: TextScanner) -> String {
        guard let next = scanner.peek() else { return "." }
        guard next == " " || next == "\n" else { return "" }
        return scanner.peek(1)?.isUppercase ?? true ? "." : ""
    }

    private static let abbreviations: [(sign: String, words: String, needs: Need)] = [
        ("Dr.", "Doctor", .name), ("Dr", "Doctor", .name), ("Mr.", "Mister", .name), ("Mr", "Mister", .name),
        ("Mrs.", "Missus", .name), ("Mrs", "Missus", .name), ("Ms.", "Miz", .name), ("Ms", "Miz", .name),
        ("Prof.", "Professor", .name), ("St.", "Saint", .name), ("St.", "Street", .nothing),
        ("Ave.", "Avenue", .nothing), ("Blvd.", "Boulevard", .nothing), ("Rd.", "Road", .nothing),
        ("Jr.", "Junior", .nothing), ("Sr.", "Senior", .nothing), ("Inc.", "Incorporated", .nothing),
        ("Ltd.", "Limited", .nothing), ("Corp.", "Corporation", .nothing), ("Co.", "Company", .nothing),
        ("e.g.,", "for example,", .nothing), ("e.g.", "for example", .nothing), ("i.e.,", "that is,", .nothing),
        ("i.e.", "that is", .nothing), ("etc.", "et cetera", .nothing), ("vs.", "versus", .nothing),
        ("vs", "versus", .nothing), ("approx.", "approximately", .nothing), ("No.", "number", .number),
        ("no.", "number", .number), ("Vol.", "volume", .number), ("Fig.", "figure", .number),
        ("fig.", "figure", .number), ("p.", "page", .number), ("pp.", "pages", .number), ("Ch.", "chapter", .number),
        ("a.m.", "AM", .nothing), ("p.m.", "PM", .nothing), ("U.S.A.", "U S A", .nothing),
        ("U.S.", "U S", .nothing), ("U.K.", "U K", .nothing), ("E.U.", "E U", .nothing), ("U.N.", "U N", .nothing),
        ("Ph.D.", "P H D", .nothing), ("B.C.", "B C", .nothing), ("A.D.", "Anno Domini", .nothing),
        ("w/o", "without", .nothing), ("w/", "with", .nothing),
    ]

    /// Signs that stand for a word, and those that are not said.
    static func symbol(_ scanner: inout TextScanner) -> String? {
        let before = scanner.peek(-1)
        guard let sign = scanner.next() else { return nil }
        let next = scanner.peek()
        let isFree = (before == nil || before == " ") && next == " "
        switch sign {
        case "#": return next?.isDigit ?? false ? "number " : " "
        case "~", "≈": return next?.isDigit ?? false ? "about " : " "
        case "<" where isFree: return " less than "
        case ">" where isFree: return " greater than "
        case "-", "–", "—", "−":
            if !(before?.isWordPart ?? false), let next, "$€£¥₹".contains(next) { return "minus " }
            return dash(sign, isFree, next)
        case "/": return before?.isLetter ?? false && next?.isLetter ?? false ? " or " : " "
        case "'", "’": return before?.isWordPart ?? false && next?.isLetter ?? false ? "'" : ""
        default: break
        }
        if let words = symbols[sign] { return words }
        return sign.isUnspoken ? " " : nil
    }

    private static func dash(_ sign: Character, _ isFree: Bool, _ next: Character?) -> String {
        if isFree || sign == "—" || sign == "–" { return ", " }
        return next == nil || next == " " ? " " : "-"
    }

    private static let symbols: [Character: String] = [
        "&": " and ", "%": " percent ", "+": " plus ", "=": " equals ", "@": " at ", "×": " times ",
        "÷": " divided by ", "±": " plus or minus ", "≤": " at most ", "≥": " at least ", "→": " to ", "²": " squared ",
        "³": " cubed ", "°": " degrees ", "$": " dollars ", "€": " euros ", "£": " pounds ", "(": ", ", ")": ", ",
        "[": ", ", "]": ", ", "•": ", ", "…": ". ", "“": "", "”": "", "\"": "", "‘": "", "«": "", "»": "",
    ]
}

extension Character {
    /// Markup, control characters and pictures.
    fileprivate var isUnspoken: Bool {
        if "*_`|~^\\{}<>©®™".contains(self) { return true }
        return unicodeScalars.contains { scalar in
            scalar.properties.isEmojiPresentation || scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .otherSymbol || scalar.properties.generalCategory == .format
        }
    }
}
