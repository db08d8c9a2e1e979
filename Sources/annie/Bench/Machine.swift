import CKernels
import Compute
import Foundation

/// What the machine itself can do, and what the process took from it.
enum Machine {
    /// Bytes per second that all threads together read from a buffer of that size.
    static func bandwidth(bytes: Int, workers: WorkerPool) -> Double {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 4096)
        defer { buffer.deallocate() }
        // Pages that were never written all map to one page of zeros.
        buffer.initializeMemory(as: UInt8.self, repeating: 1)
        return annie_measure_bandwidth(workers.handle, buffer.baseAddress, bytes, 10)
    }

    /// The largest resident size of this process so far.
    static func peakMemoryBytes() -> Int {
        var usage = rusage()
        #if canImport(Darwin)
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
        #else
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
        #endif
    }
}

/// Times a process of our own from its start to the first token it prints.
enum ColdStart {
    static func seconds(model: String, threads: Int) throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: executablePath())
        process.arguments = ["first-token", model, "--threads", String(threads)]
        let output = Pipe()
        process.standardOutput = output
        let clock = ContinuousClock()
        let start = clock.now
        try process.run()
        let first = try output.fileHandleForReading.read(upToCount: 1)
        let seconds = (clock.now - start) / .seconds(1)
        process.waitUntilExit()
        guard first?.isEmpty == false, process.terminationStatus == 0 else {
            throw ColdStartError(status: process.terminationStatus)
        }
        return seconds
    }

    private static func executablePath() -> String {
        let link = "/proc/self/exe"
        return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? CommandLine.arguments[0]
    }
}

/// The probe process ended without a token.
struct ColdStartError: Error, CustomStringConvertible {
    let status: Int32
    var description: String { "The process that was to print a first token ended with status \(status)." }
}
