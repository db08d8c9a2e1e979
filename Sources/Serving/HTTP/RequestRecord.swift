import Locking

/// Figures that the access log prints when the reply has been written.
final class RequestRecord: Sendable {
    struct Figures: Sendable {
        var promptTokens: Int?, completionTokens: Int?, cachedTokens: Int?
        var finishReasons: [String] = []
        /// The status of a reply that failed after its head had been sent.
        var lateStatus: Int?
    }

    private let storage = Locked(Figures())

    var figures: Figures { storage.withLock { $0 } }

    func update(_ change: (inout sending Figures) -> Void) { storage.withLock { change(&$0) } }
}
