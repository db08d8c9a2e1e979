import ArgumentParser
import Companion
import Foundation
import JSON

/// `annie memory`: what she remembers, to be read, searched, forgotten, taken away and brought in.
struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory", abstract: "Read, search, forget, export or import what she remembers.",
        subcommands: [List.self, Search.self, Forget.self, Export.self, Import.self], defaultSubcommand: List.self)

    /// The option that says where the memory is.
    struct StoreArguments: ParsableArguments {
        @OptionGroup var settings: ConfigurationArguments
        @Option(OptionTable.data) var data: String?

        func open() throws -> CompanionStore {
            let configuration = try settings.load()
            return try CompanionStore(
                path: try configuration.optional(OptionTable.data, data) ?? CompanionStore.defaultPath())
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List facts and notes, newest first.")
        @OptionGroup var place: StoreArguments
        @Flag(help: "As JSON, for machines.") var json = false

        func run() throws {
            let store = try place.open()
            let facts = try store.facts(limit: .max), notes = try store.notes()
            guard !json else {
                let value: JSONValue = [
                    "facts": .array(facts.map { ["id": .integer(Int($0.id)), "text": .string($0.text)] }),
                    "notes": .array(
                        notes.map {
                            ["id": .integer(Int($0.id)), "title": .string($0.title), "text": .string($0.text)]
                        }),
                ]
                return print(value.text(.pretty))
            }
            if facts.isEmpty && notes.isEmpty { note("She remembers nothing yet.") }
            for fact in facts { print("\(fact.id)\t\(day(fact.date))\t\(fact.text)") }
            for entry in notes { print("note \(entry.id)\t\(day(entry.date))\t\(entry.title): \(entry.text)") }
        }
    }

    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Search facts, notes and past turns.")
        @Argument(help: "Words to look for.") var words: [String]
        @Option(help: "Matches at most.") var limit = 10
        @OptionGroup var place: StoreArguments

        func run() throws {
            let matches = try place.open().search(
                words.joined(separator: " "), limit: max(1, limit), excludedSession: nil)
            if matches.isEmpty { note("Nothing was found.") }
            for match in matches {
                let source =
                    switch match.source {
                    case .fact(let id): "fact \(id)"
                    case .note(let id): "note \(id)"
                    case .turn(_, let role): role.rawValue
                    }
                print("\(source)\t\(day(match.date))\t\(match.text)")
            }
        }
    }

    struct Forget: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget a fact, by its number in the list.")
        @Argument(help: "The fact's number.") var id: Int64
        @OptionGroup var place: StoreArguments

        func run() throws {
            guard try place.open().forgetFact(id) else {
                throw ValidationError("There is no fact \(id). `annie memory list` shows those there are.")
            }
            note("Forgotten.")
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write everything she keeps (facts, notes, sessions) as JSON.")
        @Option(name: .shortAndLong, help: "The file to write; standard output if not given.") var output: String?
        @OptionGroup var place: StoreArguments

        func run() throws {
            let text = try place.open().exportBackup().text(.pretty) + "\n"
            guard let output else { return print(text, terminator: "") }
            // Nobody else need read it.
            guard
                FileManager.default.createFile(
                    atPath: output, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            else { throw ValidationError("\(output) cannot be written.") }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring in an export of Annie's, ChatGPT's or Claude's; twice does no harm.")
        @Argument(help: "A file of `annie memory export`, or an unpacked ChatGPT or Claude export.") var path: String
        @OptionGroup var place: StoreArguments

        func run() throws {
            let store = try place.open()
            let report = try backup().map { try store.importBackup($0) } ?? store.importConversations(from: path)
            print(
                "\(report.sessions) sessions with \(report.messages) messages, \(report.facts) facts, "
                    + "\(report.notes) notes; \(report.known) were known, \(report.empty) empty.")
            for problem in report.problems { note("warning: \(problem)") }
        }

        /// The file, if it is an object: other programs' exports are lists.
        private func backup() throws -> JSONValue? {
            guard let data = FileManager.default.contents(atPath: path),
                data.first(where: { !Character(UnicodeScalar($0)).isWhitespace }) == UInt8(ascii: "{")
            else { return nil }
            return try JSONValue(parsing: String(decoding: data, as: UTF8.self))
        }
    }
}

private func day(_ date: Date) -> String { String(date.formatted(.iso8601).prefix(10)) }
