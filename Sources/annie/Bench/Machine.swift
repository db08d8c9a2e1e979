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

    /// Multiply-adds per second of a product in bf16, 512 rows with a matrix that the second cache holds.
    static func products(workers: WorkerPool) -> Double {
        let (rows, columns, inputs) = (1024, 1024, 512)
        let weights = [UInt16](repeating: 0x3C00, count: rows * columns)
        let packed = UnsafeMutableRawPointer.allocate(
            byteCount: annie_packed_size(ANNIE_WEIGHT_BF16, rows, columns), alignment: 64)
        defer { packed.deallocate() }
        annie_pack_bf16(workers.handle, packed, 0, weights, rows, columns)
        var linear = annie_linear(
            format: ANNIE_WEIGHT_BF16, packed: packed, rows: rows, columns: columns, tile_scales: nil, bias: nil)
        let scratch = UnsafeMutableRawPointer.allocate(
            byteCount: annie_linear_scratch_size(&linear, ANNIE_ACTIVATION_BF16, inputs), alignment: 64)
        defer { scratch.deallocate() }
        let input = [Float](repeating: 0.5, count: inputs * columns)
        var output = [Float](repeating: 0, count: inputs * rows)
        let clock = ContinuousClock()
        var best = Double.infinity
        for _ in 0..<50 {
            let start = clock.now
            annie_linear_run(
                workers.handle, &linear, ANNIE_ACTIVATION_BF16, input, columns, inputs, &output, rows, false, scratch)
            best = min(best, (clock.now - start) / .seconds(1))
        }
        return Double(inputs * rows * columns) / best
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
