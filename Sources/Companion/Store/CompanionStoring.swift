/// What the companion keeps. Every writing call has reached the disk when it returns.
///
/// Calls are short and synchronous; they throw when the disk is full or the file is damaged, and then nothing has changed.
public protocol CompanionStoring: Sendable {
    /// Begins a session. - Throws: when the id is taken.
    func createSession(id: String, persona: String) throws -> SessionRecord
    /// Those in which the user has said something, the one last spoken in first.
    func sessions(limit: Int) throws -> [SessionRecord]
    /// Nil when there is none of that id.
    func session(_ id: String) throws -> SessionRecord?
    /// Forgets the session and its transcript; false when there was none.
    func deleteSession(_ id: String) throws -> Bool
    /// The transcript, oldest first.
    func transcript(of session: String) throws -> [TranscriptEntry]
    /// Writes messages at the transcript's end, all or none, and gives their entries.
    func append(_ messages: [ChatMessage], to session: String, isInterrupted: Bool) throws -> [TranscriptEntry]

    /// Remembers a fact; the same text twice is one fact.
    func remember(_ text: String) throws -> FactRecord
    /// Newest first.
    func facts(limit: Int) throws -> [FactRecord]
    /// Nil when there is none of that id.
    func fact(_ id: Int64) throws -> FactRecord?
    /// False when there was none.
    func forgetFact(_ id: Int64) throws -> Bool
    /// Facts, past turns (but for those of `excludedSession`) and notes that hold words of the query, best first.
    func search(_ query: String, limit: Int, excludedSession: String?) throws -> [MemoryMatch]
    /// Facts alone, best first: what the automatic recall asks for at every turn.
    func searchFacts(_ query: String, limit: Int) throws -> [MemoryMatch]

    /// Writes a note.
    func saveNote(title: String, text: String) throws -> NoteRecord
    /// Newest first.
    func notes() throws -> [NoteRecord]
    /// False when there was none.
    func deleteNote(_ id: Int64) throws -> Bool
}

extension CompanionStoring {
    /// Finds the facts among all matches.
    public func searchFacts(_ query: String, limit: Int) throws -> [MemoryMatch] {
        let matches = try search(query, limit: 200, excludedSession: nil).filter { match in
            if case .fact = match.source { true } else { false }
        }
        return Array(matches.prefix(max(0, limit)))
    }
}
