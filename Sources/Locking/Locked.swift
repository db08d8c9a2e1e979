#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A value behind a lock, for the few places where threads share what no actor or task owns.
///
/// It stands where `Synchronization.Mutex` would: that lock is a futex in an uninstrumented library, so the thread
/// sanitiser takes every access behind it for a race. This one is a POSIX mutex, which the sanitiser knows.
public final class Locked<Value: ~Copyable>: @unchecked Sendable {
    private var value: Value
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    /// - Parameter value: What the lock guards from now on.
    public init(_ value: consuming sending Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` alone with the value. Not reentrant: taking the same lock inside waits for ever.
    public func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
