import Crypto
import Foundation
import JSON
import Locking
import ModelHub

/// A repository as Hugging Face serves it: a list with checksums, and files that can be had in ranges.
struct FakeRepository: Sendable {
    static let commit = "0123456789abcdef0123456789abcdef01234567"
    var name = "owner/model"
    var files: [String: [UInt8]]
    /// Files listed as if they were in large-file storage.
    var largeFiles: Set<String> = ["model.safetensors"]
    /// Checksums to lie about.
    var wrongChecksums: Set<String> = []

    /// What a small model's repository holds, and some files that nobody needs.
    static let standard = FakeRepository(files: [
        "config.json": Array(#"{"model_type": "llama"}"#.utf8),
        "generation_config.json": Array("{}".utf8),
        "tokenizer.json": Array("{}".utf8),
        "tokenizer_config.json": Array("{}".utf8),
        "chat_template.jinja": Array("{{ messages }}".utf8),
        "model.safetensors": (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) },
        "README.md": Array("# read me".utf8),
        "onnx/model.onnx": [1, 2, 3],
        "pytorch_model.bin": [4, 5, 6],
    ])

    static let neededNames: Set<String> = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja",
        "model.safetensors",
    ]

    /// Answers as the real server would; nil for what it has not.
    func respond(_ request: HubRequest) -> HubResponse {
        if request.path == "/api/models/\(name)/revision/main?blobs=true" { return HubResponse(body: Array(list.utf8)) }
        let prefix = "/\(name)/resolve/\(Self.commit)/"
        guard request.path.hasPrefix(prefix), let content = files[String(request.path.dropFirst(prefix.count))] else {
            return HubResponse(status: 404)
        }
        guard let range = request.headers["range"], let start = Int(range.dropFirst(6).dropLast()) else {
            return HubResponse(body: content)
        }
        guard start < content.count else { return HubResponse(status: 416) }
        let contentRange = "bytes \(start)-\(content.count - 1)/\(content.count)"
        return HubResponse(status: 206, headers: ["Content-Range": contentRange], body: Array(content[start...]))
    }

    private var list: String {
        let siblings = files.sorted { $0.key < $1.key }.map { name, content -> JSONValue in
            var members: [(String, JSONValue)] = [("rfilename", .string(name)), ("size", .integer(content.count))]
            let content = wrongChecksums.contains(name) ? content + [0] : content
            if largeFiles.contains(name) {
                let digest = hexadecimal(SHA256.hash(data: content))
                let size = JSONValue.integer(content.count - (wrongChecksums.contains(name) ? 1 : 0))
                members.append(("lfs", ["sha256": .string(digest), "size": size, "pointerSize": 132]))
                members.append(("blobId", "of the pointer"))
            } else {
                let blob = Array("blob \(content.count)\0".utf8) + content
                members.append(("blobId", .string(hexadecimal(Insecure.SHA1.hash(data: blob)))))
            }
            return .object(JSONObject(members))
        }
        let json: JSONValue = ["id": .string(name), "sha": .string(Self.commit), "siblings": .array(siblings)]
        return json.text(.compact)
    }

    private func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// A store in a directory of its own, beside a server; both go away with it.
final class TestHub {
    let cache: URL
    let server: HubServer
    let store: ModelStore

    init(token: String? = nil, _ respond: @escaping @Sendable (HubRequest) -> HubResponse) async throws {
        cache = FileManager.default.temporaryDirectory.appending(path: "annie-hub-\(UUID().uuidString)")
        server = try await HubServer(respond)
        var hub = HubConfiguration(endpoint: server.endpoint, token: token)
        hub.backoff = .milliseconds(5)
        hub.retries = 3
        store = ModelStore(locations: ModelLocations(cache: cache), hub: hub)
    }

    func files(in directory: URL) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: directory.path))
    }

    deinit {
        try? FileManager.default.removeItem(at: cache)
        let server = server
        Task { await server.stop() }
    }
}

/// Counts calls from any thread.
final class Counter: Sendable {
    private let count = Locked(0)

    /// The number of this call, from 0.
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0 - 1
        }
    }

    var value: Int { count.withLock { $0 } }
}
