import Foundation
import GRDB

extension CompanionStore {
    /// Facts, past turns (but for those of `excludedSession`) and notes that hold words of the query, best first.
    public func search(_ query: String, limit: Int, excludedSession: String?) throws -> [MemoryMatch] {
        try search(query, limit: limit, excludedSession: excludedSession, onlyFacts: false)
    }

    /// Facts alone, best first.
    public func searchFacts(_ query: String, limit: Int) throws -> [MemoryMatch] {
        try search(query, limit: limit, excludedSession: nil, onlyFacts: true)
    }

    private func search(
        _ query: String, limit: Int, excludedSession: String?, onlyFacts: Bool
    ) throws -> [MemoryMatch] {
        guard limit > 0 else { return [] }
        return try read { database in
            guard let query = try SearchQuery(query, database) else { return [] }
            let candidates = try Self.candidates(query, limit, excludedSession, onlyFacts, database)
            let relevance = try Relevance(terms: query.terms, documents: candidates.map(\.words), database)
            var seen: Set<String> = []
            return candidates.map { $0.match(score: relevance.score($0.words)) }
                .sorted(by: Self.stands)
                // The same question asked on five days is one memory.
                .filter { seen.insert($0.text.lowercased()).inserted }
                .prefix(limit).map { $0 }
        }
    }

    /// Better score first; where equal, facts before notes before turns, and newer before older.
    private static func stands(_ left: MemoryMatch, before right: MemoryMatch) -> Bool {
        if left.score != right.score { return left.score > right.score }
        let (leftRank, rightRank) = (rank(left.source), rank(right.source))
        return leftRank != rightRank ? leftRank < rightRank : left.date > right.date
    }

    private static func rank(_ source: MemoryMatch.Source) -> Int {
        switch source {
        case .fact: 0
        case .note: 1
        case .turn: 2
        }
    }

    /// More rows than asked for, because SQLite's order is not the last word.
    private static func candidates(
        _ query: SearchQuery, _ limit: Int, _ excludedSession: String?, _ onlyFacts: Bool, _ database: Database
    ) throws -> [Candidate] {
        let stemmer = try database.makeTokenizer(StoreSchema.tokenizer)
        let rows = try Row.fetchCursor(
            database, sql: selectCandidates,
            arguments: [query.pattern, excludedSession, onlyFacts, min(limit, 200) * 4 + 32])
        var candidates: [Candidate] = []
        while let row = try rows.next() {
            guard let candidate = try Candidate(row, stemmer) else { continue }
            candidates.append(candidate)
        }
        return candidates
    }

    private static let selectCandidates = """
        SELECT memoryIndex.rowid AS row, substr(memoryIndex.text, 1, 20000) AS text,
            snippet(memoryIndex, 0, '', '', '…', 40) AS snippet,
            entry.session AS session, entry.role AS role,
            coalesce(fact.date, entry.date, note.date, 0) AS date
        FROM memoryIndex
        LEFT JOIN fact ON memoryIndex.rowid % 4 = 0 AND fact.id = memoryIndex.rowid / 4
        LEFT JOIN entry ON memoryIndex.rowid % 4 = 1 AND entry.id = memoryIndex.rowid / 4
        LEFT JOIN note ON memoryIndex.rowid % 4 = 2 AND note.id = memoryIndex.rowid / 4
        WHERE memoryIndex MATCH ?1
            AND (?2 IS NULL OR entry.session IS NULL OR entry.session <> ?2)
            AND (NOT ?3 OR memoryIndex.rowid % 4 = 0)
        ORDER BY rank LIMIT ?4
        """
}

/// A row of the index that holds a word of the query.
private struct Candidate {
    let source: MemoryMatch.Source
    let snippet: String
    let date: Date
    let words: [String]

    init?(_ row: Row, _ stemmer: any FTS5Tokenizer) throws {
        guard let key = IndexKey(row: row["row"]) else { return nil }
        switch key.kind {
        case .fact: source = .fact(key.id)
        case .note: source = .note(key.id)
        case .entry:
            guard let session: String = row["session"], let role: String = row["role"],
                let role = ChatMessage.Role(rawValue: role)
            else { return nil }
            source = .turn(session: session, role: role)
        }
        snippet = row["snippet"]
        date = CompanionStore.date(row["date"])
        words = try stemmer.tokenize(document: row["text"]).map(\.token)
    }

    func match(score: Double) -> MemoryMatch {
        MemoryMatch(source: source, text: snippet, date: date, score: score)
    }
}
