import Dispatch
import Foundation
import Locking

/// Ctrl-C, handed to whatever is going on instead of ending the program.
final class Interrupts: Sendable {
    private let handler = Locked<(@Sendable () -> Void)?>(nil)
    // Not touched again once it is set up.
    nonisolated(unsafe) private let source: any DispatchSourceSignal

    /// Takes over SIGINT for as long as it lives.
    init() {
        // The default action would still end the process beside the source.
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { [weak self] in self?.handler.withLock { $0 }?() }
        source.resume()
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }

    /// What Ctrl-C does from now on.
    func set(_ action: @escaping @Sendable () -> Void) { handler.withLock { $0 = action } }
}
