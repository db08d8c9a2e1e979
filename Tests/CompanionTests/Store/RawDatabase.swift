import Foundation
import GRDB

/// The file as another program sees it.
struct RawDatabase {
    private let queue: DatabaseQueue

    init(_ file: URL) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: file.path, configuration: configuration)
    }

    func execute(_ sql: String) throws { try queue.inDatabase { try $0.execute(sql: sql) } }

    func integer(_ sql: String) throws -> Int? { try queue.inDatabase { try Int.fetchOne($0, sql: sql) } }

    /// Brings all that was written into the file itself.
    func checkpoint() throws { try queue.inDatabase { _ = try $0.checkpoint(.truncate) } }
}
