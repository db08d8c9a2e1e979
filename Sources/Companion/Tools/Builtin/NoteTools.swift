import JSON

/// `save_note`: writes something down for the user.
public struct SaveNoteTool: Tool {
    private let store: any CompanionStoring
    private static let maximumLength = 8000

    /// Writes into this store.
    public init(store: any CompanionStoring) { self.store = store }

    /// What the model is told.
    public let definition = ToolDefinition(
        name: "save_note",
        description: "Write down a note for the user, such as a list or an idea.",
        parameters: ToolSchema.object(
            [
                ("text", ToolSchema.string("The note")),
                ("title", ToolSchema.string("Two or three words to find it by")),
            ],
            required: ["text"]))
    /// It writes.
    public let hasSideEffects = true
    /// A local write is quick.
    public let timeLimit = Duration.seconds(5)

    /// Confirms the note, with the number it is deleted by.
    public func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        let text = ToolText.plain(arguments["text"]?.string ?? "", limit: Self.maximumLength)
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw ToolError("the note is empty; call save_note again with its text")
        }
        let note = try store.saveNote(title: ToolText.line(arguments["title"]?.string ?? "", limit: 80), text: text)
        return "Saved note \(note.id): \(note.title)"
    }
}

/// `list_notes`: what was written down.
public struct ListNotesTool: Tool {
    private let store: any CompanionStoring
    private static let maximumNotes = 20

    /// Reads this store.
    public init(store: any CompanionStoring) { self.store = store }

    /// What the model is told.
    public let definition = ToolDefinition(
        name: "list_notes", description: "List the user's notes with their numbers.", parameters: ToolSchema.object([]))
    /// It only reads.
    public let hasSideEffects = false
    /// A local read is quick.
    public let timeLimit = Duration.seconds(5)

    /// A line for each note, newest first.
    public func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        let notes = try store.notes()
        guard !notes.isEmpty else { return "There are no notes." }
        var lines = notes.prefix(Self.maximumNotes).map { note in
            let text = ToolText.line(note.text, limit: 160)
            let words = text == note.title ? text : "\(note.title): \(text)"
            return "note \(note.id) (\(ToolDate.day(note.date, in: context.timeZone))): \(words)"
        }
        if notes.count > lines.count { lines.append("and \(notes.count - lines.count) older notes") }
        return lines.joined(separator: "\n")
    }
}

/// `delete_note`: throws a note away.
public struct DeleteNoteTool: Tool {
    private let store: any CompanionStoring

    /// Deletes from this store.
    public init(store: any CompanionStoring) { self.store = store }

    /// What the model is told.
    public let definition = ToolDefinition(
        name: "delete_note",
        description: "Delete a note, by its number as list_notes gives it, or by its title.",
        parameters: ToolSchema.object([
            ("number", ToolSchema.integer("The note's number")), ("title", ToolSchema.string("The note's title")),
        ]))
    /// It deletes.
    public let hasSideEffects = true
    /// A local write is quick.
    public let timeLimit = Duration.seconds(5)

    /// Confirms what is gone. Where a title means several notes, none is deleted.
    public func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        let notes = try store.notes()
        let note = try chosen(from: notes, number: arguments["number"]?.integer, title: arguments["title"]?.string)
        guard try store.deleteNote(note.id) else { throw ToolError("note \(note.id) is gone already") }
        return "Deleted note \(note.id): \(note.title)"
    }

    private func chosen(from notes: [NoteRecord], number: Int?, title: String?) throws -> NoteRecord {
        if let number {
            guard let note = notes.first(where: { $0.id == Int64(number) }) else {
                throw ToolError("there is no note \(number); list_notes gives the numbers")
            }
            return note
        }
        guard let title, !title.isEmpty else { throw ToolError("say which note, by its number or its title") }
        let exact = notes.filter { $0.title.lowercased() == title.lowercased() }
        let found = exact.isEmpty ? notes.filter { $0.title.lowercased().contains(title.lowercased()) } : exact
        guard let note = found.first else {
            throw ToolError("there is no note with that title; list_notes gives them all")
        }
        guard found.count == 1 else {
            let names = found.prefix(5).map { "\($0.id) (\($0.title))" }.joined(separator: ", ")
            throw ToolError("several notes have that title: \(names); delete one by its number")
        }
        return note
    }
}
