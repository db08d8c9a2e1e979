import Foundation

/// Starts a program with streams to speak to it, in a process group of its own.
package enum ChildSpawn {
    /// A child that runs, and our ends of its streams.
    package struct Started {
        package let pid: pid_t
        /// A socket, for writing.
        package let input: Int32
        package let output: Int32
        package let errors: Int32
    }

    /// - Throws: ``ToolError`` when there is no such program, or no more processes or descriptors.
    package static func start(command: String, arguments: [String], environment: [String: String]) throws -> Started {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        let input = try pair { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, $0) }
        descriptors += input
        let output = try pair(pipe)
        descriptors += output
        let errors = try pair(pipe)
        descriptors += errors
        let pid = try spawn(
            [command] + arguments, environment.map { "\($0)=\($1)" }, streams: [input[1], output[1], errors[1]])
        // Ours stay open; the child's are closed here.
        descriptors = [input[1], output[1], errors[1]]
        return Started(pid: pid, input: input[0], output: output[0], errors: errors[0])
    }

    private static func pair(_ make: (UnsafeMutablePointer<Int32>) -> Int32) throws -> [Int32] {
        var ends: [Int32] = [-1, -1]
        guard make(&ends) == 0 else { throw ToolError("cannot make a pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    private static func spawn(_ arguments: [String], _ environment: [String], streams: [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        _ = closeOthers?(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGHUP, SIGINT, SIGPIPE, SIGTERM] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var pid: pid_t = 0
        let program = arguments[0]
        let failure = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawnp(&pid, program, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else {
            throw ToolError("cannot start '\(program)': \(String(cString: strerror(failure)))")
        }
        return pid
    }

    private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    /// What was opened without close-on-exec is none of the child's business. Swift's view of the C library lacks the
    /// function (glibc 2.34), so it is looked up.
    private static let closeOthers: CloseFrom? = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        .map { unsafeBitCast($0, to: CloseFrom.self) }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            // Never empty: it ends with nil.
            guard let base = buffer.baseAddress else { preconditionFailure("an array of one or more has an address") }
            return body(base)
        }
    }
}
