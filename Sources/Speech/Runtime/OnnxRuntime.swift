import CSpeech
import Foundation

/// The opened ONNX Runtime, shared by all models of a process.
package final class OnnxRuntime: @unchecked Sendable {
    // The library allows calls from any thread; what is here never changes after `init`. The library itself
    // is never unloaded.
    let table: UnsafePointer<ort_runtime>
    let environment: OpaquePointer
    let memory: OpaquePointer
    /// The library's own version, such as `1.28.2`.
    package let version: String

    /// - Throws: ``SpeechError/unusablePart(_:reason:)`` when the file is not that library.
    package init(library: URL) throws(SpeechError) {
        guard Self.isSharedLibrary(library) else {
            throw .unusablePart(.library, reason: "\(library.lastPathComponent) is no shared library")
        }
        var table = ort_runtime()
        var reason = [CChar](repeating: 0, count: 512)
        guard ort_open(library.path, &table, &reason, reason.count) else {
            throw .unusablePart(.library, reason: Self.text(reason))
        }
        version = table.version.map { String(cString: $0) } ?? ""
        var environment: OpaquePointer?
        var memory: OpaquePointer?
        if let status = ort_make_environment(&table, "annie", &environment) ?? ort_make_cpu_memory_info(&table, &memory)
        {
            throw .unusablePart(.library, reason: Self.message(status, &table))
        }
        guard let environment, let memory else { throw .unusablePart(.library, reason: "it gives no environment") }
        let stored = UnsafeMutablePointer<ort_runtime>.allocate(capacity: 1)
        stored.initialize(to: table)
        self.table = UnsafePointer(stored)
        self.environment = environment
        self.memory = memory
    }

    deinit { table.deallocate() }

    /// Throws what a failed call said.
    func check(_ status: OpaquePointer?) throws(SpeechError) {
        guard let status else { return }
        throw .failed(Self.message(status, table))
    }

    private static func message(_ status: OpaquePointer, _ table: UnsafePointer<ort_runtime>) -> String {
        var message = [CChar](repeating: 0, count: 1024)
        ort_take_message(table, status, &message, message.count)
        return text(message)
    }

    static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isSharedLibrary(_ file: URL) -> Bool {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return false }
        defer { try? handle.close() }
        let magic = try? handle.read(upToCount: 4)
        return magic == Data([0x7f, 0x45, 0x4c, 0x46])
    }
}
