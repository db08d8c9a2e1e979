import Foundation
import ModelHub
import Testing

@Suite("Names of models") struct ReferenceTests {
    @Test("a reference has a repository, a revision and perhaps a file")
    func parses() throws {
        let plain = try #require(try HubReference("hf:Qwen/Qwen2.5-0.5B"))
        #expect(plain.repository == "Qwen/Qwen2.5-0.5B" && plain.revision == "main" && plain.file == nil)
        #expect(plain.directoryName == "Qwen--Qwen2.5-0.5B")
        let full = try #require(try HubReference("hf:a/b@refs/pr/1:c.Q4_0.gguf"))
        #expect(full.revision == "refs/pr/1" && full.file == "c.Q4_0.gguf")
        #expect(full.directoryName == "a--b@refs--pr--1--c.Q4_0")
        #expect("\(full)" == "hf:a/b@refs/pr/1:c.Q4_0.gguf")
        #expect(try HubReference("smollm2-135m") == nil)
    }

    @Test(
        "what is no repository is refused",
        arguments: [
            "hf:", "hf:a", "hf:a/b/c", "hf:../x", "hf:a/..", "hf:a/b@", "hf:a/b@../c", "hf:a/b:c", "hf:a/b:../c.gguf",
            "hf:a b/c", "hf:a/b?x",
        ])
    func refuses(text: String) {
        #expect(throws: ModelHubError.invalidReference(text)) { try HubReference(text) }
    }

    @Test("models live where the environment says")
    func locations() {
        let plain = ModelLocations(environment: ["HOME": "/home/a"])
        #expect(plain.models.path == "/home/a/.cache/annie/models")
        #expect(plain.wheels.path == "/home/a/.cache/annie/wheels")
        let moved = ModelLocations(environment: ["HOME": "/home/a", "ANNIE_CACHE": "/c", "ANNIE_MODELS": "/m"])
        #expect(moved.models.path == "/m" && moved.downloads.path == "/c/downloads")
    }

    @Test("a model that is not here is explained")
    func explains() throws {
        let locator = ModelLocator(ModelLocations(cache: URL(filePath: "/nonexistent")))
        func message(_ text: String) -> String {
            do { return try locator.resolve(text).path } catch { return "\(error)" }
        }
        #expect(message("smollm2-135m").contains("run 'annie pull smollm2-135m'"))
        #expect(message("hf:a/b").contains("run 'annie pull hf:a/b'"))
        #expect(message("elephant").contains("neither a path nor a known name"))
        #expect(message(NSTemporaryDirectory()).contains("no config.json"))
        #expect(message(#filePath).contains("no config.json"))
    }

    @Test("a directory is found by its path")
    func resolvesPaths() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("{}".utf8).write(to: directory.appending(path: "config.json"))
        let locator = ModelLocator(ModelLocations(cache: URL(filePath: "/nonexistent")))
        #expect(try locator.resolve(directory.path).path == directory.path)
    }

    @Test("bytes read as a person reads them")
    func byteCounts() {
        let cases = [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (92_871_040, "92.9 MB"), (1_117_320_768, "1.1 GB")]
        for (bytes, text) in cases { #expect("\(ByteCount(bytes))" == text) }
    }

    @Test("the catalogue pins every wheel, and names are told apart")
    func catalogue() {
        #expect(Set(ModelCatalogue.entries.map(\.name)).count == ModelCatalogue.entries.count)
        #expect(ModelCatalogue.entry(named: ModelCatalogue.defaultName) != nil)
        for case .wheels(let archive) in ModelCatalogue.entries.flatMap(\.sources) {
            for wheel in archive.wheels {
                #expect(wheel.sha256.count == 64 && wheel.byteCount > 0)
                #expect(wheel.fileName.hasPrefix(wheel.package.replacing("-", with: "_") + "-" + wheel.version))
            }
        }
    }
}
