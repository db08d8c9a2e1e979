import Companion
import Foundation
import Hummingbird
import JSON
import Serving

/// `/v1/sessions`, `/v1/memory` and `/v1/notes`: what the companion keeps, to be read and deleted.
struct RecordEndpoints: Sendable {
    let store: any CompanionStoring
    let desk: SessionDesk

    // MARK: Sessions

    func sessions() throws -> Response {
        Response(json: ["sessions": .array(try store.sessions(limit: 200).map(Self.json))])
    }

    func session(_ id: String) throws -> Response {
        guard let record = try store.session(id) else { throw Self.unknown("session") }
        var object = Self.json(record).object ?? JSONObject()
        object["messages"] = .array(try store.transcript(of: id).map(Self.json))
        return Response(json: .object(object))
    }

    func deleteSession(_ id: String) async throws -> Response {
        guard try await desk.delete(id) else { throw Self.unknown("session") }
        return Response(status: .noContent)
    }

    // MARK: Memory

    func memory(query: String) throws -> Response {
        let facts: [FactRecord]
        if query.allSatisfy(\.isWhitespace) {
            facts = try store.facts(limit: 500)
        } else {
            facts = try store.searchFacts(query, limit: 50).compactMap { match in
                guard case .fact(let id) = match.source else { return nil }
                return try store.fact(id)
            }
        }
        return Response(json: [
            "facts": .array(
                facts.map { ["id": .integer(Int($0.id)), "text": .string($0.text), "date": Self.date($0.date)] })
        ])
    }

    func forget(_ id: String) throws -> Response {
        guard let number = Int64(id), try store.forgetFact(number) else { throw Self.unknown("fact") }
        return Response(status: .noContent)
    }

    // MARK: Notes

    func notes() throws -> Response {
        let notes = try store.notes().map { note -> JSONValue in
            [
                "id": .integer(Int(note.id)), "title": .string(note.title), "text": .string(note.text),
                "date": Self.date(note.date),
            ]
        }
        return Response(json: ["notes": .array(notes)])
    }

    func deleteNote(_ id: String) throws -> Response {
        guard let number = Int64(id), try store.deleteNote(number) else { throw Self.unknown("note") }
        return Response(status: .noContent)
    }

    // MARK: Forms

    private static func json(_ record: SessionRecord) -> JSONValue {
        [
            "id": .string(record.id), "title": .string(record.title), "persona": .string(record.persona),
            "started_at": date(record.startedAt), "updated_at": date(record.updatedAt),
            "turn_count": .integer(record.turnCount),
        ]
    }

    private static func json(_ entry: TranscriptEntry) -> JSONValue {
        var object = entry.message.json.object ?? JSONObject()
        object["id"] = .integer(Int(entry.id))
        object["date"] = date(entry.date)
        object["interrupted"] = .bool(entry.isInterrupted)
        return .object(object)
    }

    private static func date(_ date: Date) -> JSONValue { .string(date.formatted(.iso8601)) }

    private static func unknown(_ kind: String) -> APIError {
        APIError.notFound("There is no \(kind) of that id.")
    }
}
