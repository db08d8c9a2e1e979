import GRDB

/// A user's words as a full-text query that always is valid, and finds by what the words are about.
struct SearchQuery {
    /// For `MATCH`.
    let pattern: String
    /// The words as the index holds them: without case, accents and endings.
    let terms: [String]

    private static let maximumTerms = 32

    /// Nil when the text has no word in it.
    ///
    /// Only what the index's own tokenizer takes for words goes into the pattern, each in quotes, so nothing in the
    /// text can be read as query syntax.
    init?(_ text: String, _ database: Database) throws {
        let splitter = try database.makeTokenizer(StoreSchema.words)
        let stemmer = try database.makeTokenizer(StoreSchema.tokenizer)
        let words = try splitter.tokenize(query: String(text.prefix(4000))).map(\.token)
        guard !words.isEmpty else { return nil }
        let telling = words.filter { !StopWords.english.contains($0) }
        if telling.isEmpty {
            // Nothing but little words may still be a name, such as The Who: it must stand there as it was said.
            let phrase = words.prefix(Self.maximumTerms)
            pattern = Self.quoted(phrase.joined(separator: " "))
            terms = try phrase.flatMap { try stemmer.tokenize(query: $0).map(\.token) }
            return
        }
        var (patterns, stems): ([String], [String]) = ([], [])
        for word in telling where stems.count < Self.maximumTerms {
            guard let stem = try stemmer.tokenize(query: word).first?.token, !stems.contains(stem) else { continue }
            stems.append(stem)
            patterns.append(Self.quoted(word))
        }
        guard !stems.isEmpty else { return nil }
        pattern = patterns.joined(separator: " OR ")
        terms = stems
    }

    private static func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
}

/// Words that say nothing of what a sentence is about. Split as the index splits: `don't` is `don` and `t`.
enum StopWords {
    /// Articles, pronouns, auxiliaries, prepositions, and the verbs one asks a memory with.
    static let english: Set<String> = Set(
        """
        a about after again all also am an and any are as at be because been before being but by can could d did didn \
        do does doesn doing don down each few for from further had has have having he her here hers him his how i if in \
        into is isn it its itself just let ll m me more most my myself no nor not now of off on once only or other our \
        ours out over own please re s same shall she should so some such t than that the their them then there these \
        they this those through to too under until up us ve very was wasn we were what when where which while who whom \
        whose why will with won would yes yet you your yours ask asked know knew recall remember remind said say talk \
        talked tell told
        """.split(separator: " ").map(String.init))
}
