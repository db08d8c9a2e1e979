import Foundation
import JSON

/// Why an export could not be read at all.
public enum ImportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing is there, or it may not be read.
    case unreadable(path: String, reason: String)
    /// A zip archive, which must be unpacked first.
    case isArchive(path: String)
    /// A folder without `conversations.json`.
    case noConversations(path: String)

    /// What was found and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .isArchive(let path):
            "\(path) is a zip archive; unpack it and name the folder: unzip '\(path)' -d export"
        case .noConversations(let path):
            "\(path) has no conversations.json; name the unpacked folder of an export of ChatGPT or Claude, or the file"
        }
    }
}

extension CompanionStore {
    /// Adds the conversations of an export of ChatGPT or Claude as sessions; doing it twice adds nothing.
    ///
    /// A conversation that cannot be read is skipped and reported by its number. Conversations are written a hundred
    /// at a time: an import that is broken off goes on where it stopped when it is run again.
    ///
    /// - Parameter path: The unpacked folder, or its `conversations.json`.
    public func importConversations(from path: String) throws -> ImportReport {
        var report = ImportReport()
        for file in try Self.conversationFiles(at: path) {
            try importConversations(of: file, to: &report)
        }
        return report
    }

    private func importConversations(of file: URL, to report: inout ImportReport) throws {
        let bytes: Data
        do { bytes = try Data(contentsOf: file, options: .mappedIfSafe) } catch {
            throw ImportError.unreadable(path: file.path, reason: error.localizedDescription)
        }
        guard !bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) else { throw ImportError.isArchive(path: file.path) }
        var reader: JSONArrayReader
        do { reader = try JSONArrayReader(bytes) } catch let error as MalformedConversation {
            throw ImportError.unreadable(path: file.path, reason: error.reason)
        }
        var batch: [(record: SessionRecord, entries: [TranscriptEntry])] = []
        var number = 0
        while let element = reader.next() {
            number += 1
            do {
                let session = try Self.session(element.get())
                if session.entries.isEmpty { report.empty += 1 } else { batch.append(session) }
            } catch let error as MalformedConversation {
                let place = "conversation \(number) of \(file.lastPathComponent)"
                report.problems.append(.init(place: place, reason: error.reason))
            }
            if batch.count == 100 {
                try add(batch, to: &report)
                batch = []
            }
        }
        try add(batch, to: &report)
    }

    private static func session(_ json: JSONValue) throws -> (record: SessionRecord, entries: [TranscriptEntry]) {
        if ChatGPTExport.matches(json) { return try ChatGPTExport.session(json) }
        if ClaudeExport.matches(json) { return try ClaudeExport.session(json) }
        throw MalformedConversation(reason: "expected ChatGPT's \"mapping\" or Claude's \"chat_messages\"")
    }

    /// Larger exports come in several files: `conversations-000.json` and so on.
    private static func conversationFiles(at path: String) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ImportError.unreadable(path: path, reason: "there is no such file or folder")
        }
        guard isFolder.boolValue else { return [URL(filePath: path)] }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw ImportError.unreadable(path: path, reason: error.localizedDescription)
        }
        let files = names.filter { $0.hasPrefix("conversations") && $0.hasSuffix(".json") }.sorted()
        guard !files.isEmpty else { throw ImportError.noConversations(path: path) }
        return files.map { URL(filePath: path).appending(path: $0) }
    }
}
