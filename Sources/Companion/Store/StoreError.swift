import GRDB

/// Why the store could not do what was asked; nothing has changed then.
public enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file is not a database of ours, or parts of it are broken.
    case damaged(path: String, reason: String)
    /// The disk, or the space allowed, is full.
    case diskFull(path: String)
    /// Another program holds the file.
    case busy(path: String)
    /// A newer version has written the file.
    case newerSchema(path: String)
    /// The file system refuses.
    case notAccessible(path: String, reason: String)
    /// A session of that id exists.
    case sessionExists(String)
    /// No session has that id.
    case sessionUnknown(String)
    /// What was to be remembered or noted is empty.
    case emptyText
    /// Not a backup that ``CompanionStore`` wrote.
    case invalidBackup(reason: String)
    /// Anything else that SQLite reports.
    case failed(path: String, reason: String)

    /// What was found and what to do.
    public var description: String {
        switch self {
        case .damaged(let path, let reason):
            "the memory file \(path) is damaged (\(reason)); it was left as it is: move it aside and restore a copy, or "
                + "recover what can be read with: sqlite3 '\(path)' .recover"
        case .diskFull(let path):
            "the disk is full, so nothing was written to \(path); free some space and try again"
        case .busy(let path):
            "another program is writing to \(path); try again, or end that program"
        case .newerSchema(let path):
            "\(path) was written by a newer version of annie; it was left as it is: update annie, or use another file"
        case .notAccessible(let path, let reason):
            "cannot open or write \(path): \(reason)"
        case .sessionExists(let id):
            "a session '\(id)' exists already; choose another id"
        case .sessionUnknown(let id):
            "there is no session '\(id)'; it may have been deleted"
        case .emptyText:
            "there is nothing to write: the text is empty"
        case .invalidBackup(let reason):
            "this is not a backup of annie's memory: \(reason)"
        case .failed(let path, let reason):
            "\(path): \(reason)"
        }
    }
}

extension StoreError {
    /// What SQLite's error means for the person. SQL and its arguments are left out: they hold what users said.
    init(_ error: DatabaseError, path: String) {
        let reason = error.message ?? "\(error.resultCode)"
        self =
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: .damaged(path: path, reason: reason)
            case .SQLITE_FULL: .diskFull(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
            case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_IOERR:
                .notAccessible(path: path, reason: reason)
            default: .failed(path: path, reason: reason)
            }
    }
}
