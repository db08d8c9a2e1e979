import CKernels

/// The threads that share a kernel's work; one call runs at a time.
public final class WorkerPool: @unchecked Sendable {
    // The C pool serialises its callers, so sharing the pointer is safe.
    package let handle: OpaquePointer?

    /// As many threads as asked for, the caller's included; fewer if the system gives no more.
    public init(threads: Int) { handle = threads > 1 ? annie_pool_create(Int32(threads)) : nil }

    /// Threads that work, the caller's included.
    public var threads: Int { handle.map { Int(annie_pool_threads($0)) } ?? 1 }

    /// Runs `body` for each of `count` chunks, on all threads.
    package func run(chunks count: Int, _ body: (Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            var body = body
            withUnsafeMutablePointer(to: &body) { context in
                annie_pool_run(
                    handle, count,
                    { context, chunk in
                        guard let context else { return }
                        context.assumingMemoryBound(to: ((Int) -> Void).self).pointee(chunk)
                    }, context)
            }
        }
    }

    deinit { if let handle { annie_pool_destroy(handle) } }
}
