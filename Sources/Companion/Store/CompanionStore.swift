import Foundation
import GRDB

/// The companion's memory in one SQLite file: sessions with their transcripts, facts and notes.
///
/// What a writing call has acknowledged survives a loss of power. Several processes may use the file at once.
public final class CompanionStore: CompanionStoring {
    /// Where the file is; `:memory:` for a store that ends with the process.
    public let path: String
    private let queue: DatabaseQueue
    private let clock: @Sendable () -> Date

    /// Opens the file, or makes it, readable by its owner alone.
    ///
    /// - Parameters:
    ///   - path: The file; its folder is made where it is missing.
    ///   - clock: Tells the time that goes into records.
    /// - Throws: ``StoreError``; the file is then as it was.
    public convenience init(path: String, clock: @escaping @Sendable () -> Date = { Date() }) throws {
        try self.init(path: path, clock: clock, maximumPages: nil)
    }

    /// A store in memory, for tests and for people who want nothing kept.
    public convenience init(inMemoryWithClock clock: @escaping @Sendable () -> Date = { Date() }) throws {
        try self.init(path: ":memory:", clock: clock, maximumPages: nil)
    }

    /// - Parameter maximumPages: How many pages of 4 KiB the file may take; nil is as many as the disk has.
    package init(
        path: String, clock: @escaping @Sendable () -> Date, maximumPages: Int?, busyTimeout: TimeInterval = 2
    ) throws {
        self.path = path
        self.clock = clock
        queue = try Self.translating(path) {
            if path != ":memory:" { try Self.makeFile(path) }
            var configuration = Configuration()
            configuration.label = "annie memory"
            configuration.busyMode = .timeout(busyTimeout)
            if path != ":memory:" { configuration.journalMode = .wal }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { database in
                try Self.prepare(database, path: path)
                if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
            }
            try StoreSchema.migrator.migrate(queue)
            return queue
        }
    }

    /// `annie/annie.db` in the user's data folder: `$XDG_DATA_HOME`, else `~/.local/share`.
    public static func defaultPath(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        // The specification has relative paths ignored.
        let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"] ?? NSHomeDirectory()
        return (data ?? home + "/.local/share") + "/annie/annie.db"
    }

    private static func makeFile(_ path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError.notAccessible(path: path, reason: error.localizedDescription)
        }
        // SQLite gives its side files the permissions of this one.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError.notAccessible(path: path, reason: String(cString: strerror(errno)))
        }
        close(descriptor)
    }

    private static func prepare(_ database: Database, path: String) throws {
        // The library chooses NORMAL, which may lose the last commits with the power.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        // What the user has forgotten shall not stay in free pages.
        try database.execute(sql: "PRAGMA secure_delete = ON")
        guard try StoreSchema.migrator.hasBeenSuperseded(database) == false else {
            throw StoreError.newerSchema(path: path)
        }
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        guard verdict == "ok" else { throw StoreError.damaged(path: path, reason: verdict) }
    }

    // MARK: What the other parts of the store use

    /// One transaction: all of `body` or nothing.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.translating(path) { try queue.write(body) }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.translating(path) { try queue.read(body) }
    }

    /// Runs `body`, and where it has deleted something, takes the words out of the index's old parts and of the log too,
    /// so that what was forgotten is not in the files any more. Takes a while in a large memory; people forget seldom.
    func forget(_ body: (Database) throws -> Bool) throws -> Bool {
        let isForgotten = try write(body)
        if isForgotten {
            // It is deleted already: that a reader or a full disk prevents the rest is no failure of the call.
            try? write { try $0.execute(sql: "INSERT INTO memoryIndex (memoryIndex) VALUES ('optimize')") }
            try? queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        }
        return isForgotten
    }

    /// Dates are kept in milliseconds, so that a record read again equals the one that was given out.
    func now() -> Int64 { Self.milliseconds(clock()) }

    static func milliseconds(_ date: Date) -> Int64 {
        let limit = 1e15  // The year 33658: beyond it dates are nonsense, and must not trap.
        return Int64(max(-limit, min(limit, (date.timeIntervalSince1970 * 1000).rounded())))
    }

    static func date(_ milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    private static func translating<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError { throw StoreError(error, path: path) }
    }
}
