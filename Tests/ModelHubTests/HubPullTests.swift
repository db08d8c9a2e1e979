import Foundation
import JSON
import Locking
import ModelHub
import Testing

@Suite("Pulling from a Hub server") struct HubPullTests {
    private let repository = FakeRepository.standard

    /// The error of a pull that must fail, after which there must be no model.
    private func failure(_ hub: TestHub, _ name: String = "hf:owner/model") async throws -> ModelHubError {
        let error = await #expect(throws: ModelHubError.self) { try await hub.store.pull(name) }
        #expect(hub.store.installedModels() == [])
        return try #require(error)
    }

    @Test("the files a model needs arrive, and no others")
    func pullsNeededFiles() async throws {
        let hub = try await TestHub(repository.respond)
        let directory = try await hub.store.pull("hf:owner/model")
        #expect(try hub.files(in: directory) == FakeRepository.neededNames)
        for name in FakeRepository.neededNames {
            #expect([UInt8](try Data(contentsOf: directory.appending(path: name))) == repository.files[name])
        }
        #expect(hub.store.installedModels().map(\.name) == ["owner--model"])
        #expect(try ModelLocator(hub.store.locations).resolve("hf:owner/model") == directory)
    }

    @Test("a second pull asks the server nothing")
    func pullsOnce() async throws {
        let hub = try await TestHub(repository.respond)
        _ = try await hub.store.pull("hf:owner/model")
        let before = hub.server.requests.count
        _ = try await hub.store.pull("hf:owner/model")
        #expect(hub.server.requests.count == before)
    }

    @Test("a cut connection is continued where it stopped")
    func resumesAfterCut() async throws {
        let cuts = Counter()
        let hub = try await TestHub { [repository] request in
            var response = repository.respond(request)
            if request.path.hasSuffix("model.safetensors"), cuts.next() < 2 { response.cutAfter = 50_000 }
            return response
        }
        let directory = try await hub.store.pull("hf:owner/model")
        let content = try Data(contentsOf: directory.appending(path: "model.safetensors"))
        #expect([UInt8](content) == repository.files["model.safetensors"])
        let requests = hub.server.requests.filter { $0.path.hasSuffix("model.safetensors") }
        let starts = requests.map { Int(($0.headers["range"] ?? "bytes=0-").dropFirst(6).dropLast()) ?? -1 }
        // How much of the last packet is kept depends on when the client learns of the cut.
        #expect(starts.count == 3 && starts[0] == 0 && starts[1] > 0 && starts[2] > starts[1])
    }

    @Test("a pull that gave up is continued by the next one")
    func resumesAcrossPulls() async throws {
        let isBroken = Locked(true)
        let hub = try await TestHub { [repository] request in
            var response = repository.respond(request)
            if request.path.hasSuffix("model.safetensors"), isBroken.withLock({ $0 }) { response.cutAfter = 1000 }
            return response
        }
        guard case .unreachable = try await failure(hub) else {
            Issue.record("another error")
            return
        }
        isBroken.withLock { $0 = false }
        let before = hub.server.requests.count
        _ = try await hub.store.pull("hf:owner/model")
        let later = hub.server.requests.dropFirst(before)
        #expect(later.map(\.path).filter { $0.contains("/resolve/") }.count == 1)
        #expect(later.last?.headers["range"] != nil)
    }

    @Test("a server that ignores ranges starts the file again")
    func restartsWithoutRanges() async throws {
        let cuts = Counter()
        let hub = try await TestHub { [repository] request in
            var response = repository.respond(HubRequest(path: request.path, headers: [:]))
            if request.path.hasSuffix("model.safetensors"), cuts.next() == 0 { response.cutAfter = 50_000 }
            return response
        }
        let directory = try await hub.store.pull("hf:owner/model")
        let content = try Data(contentsOf: directory.appending(path: "model.safetensors"))
        #expect([UInt8](content) == repository.files["model.safetensors"])
    }

    @Test("a wrong checksum is refused, for large files and small", arguments: ["model.safetensors", "tokenizer.json"])
    func refusesWrongChecksum(name: String) async throws {
        var repository = repository
        repository.wrongChecksums = [name]
        let hub = try await TestHub(repository.respond)
        guard case .wrongChecksum(let file, _, _) = try await failure(hub) else {
            Issue.record("another error")
            return
        }
        #expect(file == name)
    }

    @Test("a damaged half of an earlier attempt is fetched again")
    func replacesDamagedPart() async throws {
        let hub = try await TestHub(repository.respond)
        let staging = hub.store.locations.downloads.appending(path: "owner--model/\(FakeRepository.commit)")
        try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true)
        try Data(repeating: 9, count: 70_000).write(to: staging.appending(path: "model.safetensors.part"))
        let directory = try await hub.store.pull("hf:owner/model")
        let content = try Data(contentsOf: directory.appending(path: "model.safetensors"))
        #expect([UInt8](content) == repository.files["model.safetensors"])
    }

    @Test("server errors that pass are waited out, others are reported")
    func retries() async throws {
        let calls = Counter()
        let hub = try await TestHub { [repository] request in
            calls.next() < 2 ? HubResponse(status: 503) : repository.respond(request)
        }
        _ = try await hub.store.pull("hf:owner/model")
        let dead = try await TestHub { _ in HubResponse(status: 500) }
        guard case .unreachable(_, let reason) = try await failure(dead) else {
            Issue.record("another error")
            return
        }
        #expect(reason.contains("500"))
        #expect(dead.server.requests.count == 4)
    }

    @Test("401 and 404 say what to do")
    func explainsRefusals() async throws {
        let closed = try await TestHub { _ in HubResponse(status: 401) }
        #expect("\(try await failure(closed))".contains("set HF_TOKEN"))
        let refused = try await TestHub(token: "secret") { _ in HubResponse(status: 403) }
        let message = "\(try await failure(refused))"
        #expect(message.contains("may not read") && !message.contains("secret"))
        let absent = try await TestHub { _ in HubResponse(status: 404) }
        #expect(try await failure(absent) == .notFound("hf:owner/model"))
    }

    @Test("a redirect to another host is followed without the token")
    func keepsTokenAtHome() async throws {
        let storage = try await HubServer { [repository] in repository.respond($0) }
        let target = storage.endpoint
        let hub = try await TestHub(token: "secret") { [repository] request in
            guard request.path.hasSuffix("model.safetensors") else { return repository.respond(request) }
            return HubResponse(status: 302, headers: ["Location": target + request.path])
        }
        _ = try await hub.store.pull("hf:owner/model")
        #expect(hub.server.requests.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
        #expect(storage.requests.count == 1)
        #expect(storage.requests.allSatisfy { $0.headers["authorization"] == nil })
        await storage.stop()
    }

    @Test("a relative redirect stays on the host, and a circle ends")
    func followsRelativeRedirects() async throws {
        let hub = try await TestHub(token: "secret") { [repository] request in
            if request.path == "/moved" {
                return repository.respond(
                    HubRequest(path: "/owner/model/resolve/\(FakeRepository.commit)/config.json", headers: [:]))
            }
            guard request.path.hasSuffix("/config.json") else { return repository.respond(request) }
            return HubResponse(status: 307, headers: ["Location": "/moved"])
        }
        _ = try await hub.store.pull("hf:owner/model")
        #expect(hub.server.requests.first { $0.path == "/moved" }?.headers["authorization"] == "Bearer secret")
        let circle = try await TestHub { HubResponse(status: 302, headers: ["Location": $0.path]) }
        #expect("\(try await failure(circle))".contains("more than 10 redirects"))
    }

    @Test(
        "file names that leave the directory are refused before anything is written",
        arguments: ["../evil", "/etc/passwd", "a/../../b", "a\\b", "", "a//b", "c:evil"])
    func refusesTraversal(name: String) async throws {
        var repository = repository
        repository.files[name] = [1]
        let hub = try await TestHub(repository.respond)
        #expect(try await failure(hub) == .unsafeFileName(repository: "owner/model", file: name))
        #expect(hub.server.requests.count == 1)
    }

    @Test("a repository without weights is refused, and several GGUF files are offered")
    func refusesWithoutWeights() async throws {
        var repository = repository
        repository.files = ["config.json": [], "a.Q4_0.gguf": [1], "a.Q8_0.gguf": [2]]
        let hub = try await TestHub(repository.respond)
        let error = try await failure(hub)
        #expect(error == .noWeights(repository: "owner/model", found: ["a.Q4_0.gguf", "a.Q8_0.gguf"]))
    }

    @Test("a directory that cannot be written is reported with its path")
    func reportsUnwritable() async throws {
        let hub = try await TestHub(repository.respond)
        try FileManager.default.createDirectory(at: hub.cache, withIntermediateDirectories: true)
        try Data().write(to: hub.cache.appending(path: "downloads"))
        guard case .unwritable(let path, _) = try await failure(hub) else {
            Issue.record("another error")
            return
        }
        #expect(path.hasSuffix("/downloads"))
    }

    @Test("more bytes than the disk has are refused up front")
    func refusesWithoutSpace() async throws {
        let hub = try await TestHub { [repository] request in
            var response = repository.respond(request)
            if request.path.hasPrefix("/api/") {
                let text = String(decoding: response.body, as: UTF8.self)
                response.body = Array(text.replacing("\"size\":200000", with: "\"size\":900000000000000").utf8)
            }
            return response
        }
        guard case .notEnoughSpace(_, let needed, _) = try await failure(hub) else {
            Issue.record("another error")
            return
        }
        #expect(needed >= 900_000_000_000_000)
    }

    @Test("progress ends at the total")
    func reportsProgress() async throws {
        let hub = try await TestHub(repository.respond)
        let seen = Locked<[PullProgress]>([])
        _ = try await hub.store.pull("hf:owner/model") { progress in seen.withLock { $0.append(progress) } }
        let last = try #require(seen.withLock { $0.last })
        #expect(last.bytes == last.totalBytes)
        let expected = FakeRepository.neededNames.reduce(0) { $0 + (repository.files[$1]?.count ?? 0) }
        #expect(last.totalBytes == expected)
    }

    @Test("a pull that is cancelled leaves no model")
    func cancels() async throws {
        let hub = try await TestHub { [repository] request in
            var response = repository.respond(request)
            if request.path.hasSuffix("model.safetensors") { response.cutAfter = 10 }
            return response
        }
        let task = Task { [store = hub.store] in try await store.pull("hf:owner/model") }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(hub.store.installedModels() == [])
    }
}
