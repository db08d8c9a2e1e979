import Checkpoints
import Foundation
import Testing

@Suite("GGUF files") struct GGUFFileTests {
    @Test("metadata keep their types and order")
    func readsMetadata() throws {
        let metadata = try GGUFFile(contentsOf: ggufFixture("blocks.gguf")).metadata
        #expect(metadata.keys.first == "general.architecture")
        #expect(metadata["test.uint32"] == .uint32(4_000_000_000))
        #expect(metadata["test.int8"] == .int8(-5))
        #expect(metadata["test.uint64"] == .uint64(1 << 40))
        #expect(metadata["test.float32"] == .float32(1e-5))
        #expect(metadata["test.float64"] == .float64(0.1))
        #expect(metadata["test.bool"] == .bool(true))
        #expect(metadata["test.string"] == .string("naïve 日本"))
        #expect(try metadata.strings("test.strings") == ["a", "", "ĠÄ"])
        #expect(try metadata.integers("test.integers") == [1, -2, 3])
    }

    @Test("a key of another type is named in the error")
    func refusesWrongType() throws {
        let metadata = try GGUFFile(contentsOf: ggufFixture("blocks.gguf")).metadata
        #expect(throws: GGUFError.wrongType(key: "test.string", expected: "an integer", found: "string")) {
            try metadata.integer("test.string")
        }
    }

    @Test("version 2 is read")
    func readsVersion2() throws {
        var bytes = GGUFBytes(version: 2, keys: 1)
        bytes.appendKey("answer", type: 10)
        bytes.append(UInt64(42))
        let file = try bytes.open()
        #expect(file.version == 2)
        #expect(file.metadata["answer"] == .uint64(42))
    }

    @Test("arrays of arrays are read")
    func readsNestedArrays() throws {
        var bytes = GGUFBytes(keys: 1)
        bytes.appendKey("nested", type: 9)
        bytes.append(UInt32(9))
        bytes.append(UInt64(2))
        for value in [7, 8] as [UInt8] {
            bytes.append(UInt32(0))
            bytes.append(UInt64(1))
            bytes.append(value)
        }
        let element = { (value: UInt8) in GGUFValue.array(.uint8, [.uint8(value)]) }
        #expect(try bytes.open().metadata["nested"] == .array(.array, [element(7), element(8)]))
    }

    @Test("tensor shapes have the slowest dimension first")
    func reversesShapes() throws {
        var bytes = GGUFBytes(tensors: 1)
        bytes.appendTensor("t", [4, 2])
        bytes.appendData([UInt8](repeating: 0, count: 32))
        #expect(try bytes.open().tensors[0].shape == [2, 4])
    }

    @Test("a missing file and a file of another kind are told apart")
    func refusesOtherFiles() throws {
        #expect(throws: GGUFError.inaccessible(path: "/nonexistent", reason: "cannot open: No such file or directory"))
        {
            try GGUFFile(contentsOf: URL(filePath: "/nonexistent"))
        }
        for content in ["", "GG", "PK\u{3}\u{4} and so on"] {
            let file = try TemporaryFile(Array(content.utf8))
            #expect(throws: GGUFError.notGGUF(path: file.url.path)) { try GGUFFile(contentsOf: file.url) }
        }
    }
}
