import Checkpoints
import Foundation
import Testing

@Suite("Bad GGUF files are refused") struct GGUFBadInputTests {
    /// The message of the error that opening these bytes throws.
    private func refusal(_ bytes: GGUFBytes) -> String {
        do {
            _ = try bytes.open()
            return "opened"
        } catch {
            return "\(error)"
        }
    }

    @Test("other versions and big-endian files", arguments: [1, 4, 0x0300_0000] as [UInt32])
    func versions(version: UInt32) {
        #expect(refusal(GGUFBytes(version: version)).contains("not supported"))
    }

    @Test("counts that the file cannot hold", arguments: [1, 1 << 40, .max] as [UInt64])
    func counts(count: UInt64) {
        #expect(refusal(GGUFBytes(tensors: count)).contains("tensor count"))
        #expect(refusal(GGUFBytes(keys: count)).contains("metadata count"))
    }

    @Test("a string longer than the file")
    func longString() {
        var bytes = GGUFBytes(keys: 1)
        bytes.append(UInt64.max)
        bytes.append(UInt64(0))
        #expect(refusal(bytes).contains("length of metadata key 0"))
    }

    @Test("text that is not UTF-8")
    func invalidText() {
        var bytes = GGUFBytes(keys: 1)
        bytes.append(UInt64(2))
        bytes.bytes += [0xC3, 0x28] + [UInt8](repeating: 0, count: 12)
        #expect(refusal(bytes).contains("not UTF-8"))
    }

    @Test("unknown value types and bools that are neither")
    func values() {
        var unknown = GGUFBytes(keys: 1)
        unknown.appendKey("k", type: 13)
        unknown.append(UInt32(0))
        #expect(refusal(unknown).contains("unknown value type 13"))
        var bool = GGUFBytes(keys: 1)
        bool.appendKey("key", type: 7)
        bool.append(UInt8(2))
        #expect(refusal(bool).contains("bool of value 2"))
    }

    @Test("arrays nested without end")
    func nesting() {
        var bytes = GGUFBytes(keys: 1)
        bytes.appendKey("deep", type: 9)
        for _ in 0..<1000 {
            bytes.append(UInt32(9))
            bytes.append(UInt64(1))
        }
        #expect(refusal(bytes).contains("nests arrays deeper"))
    }

    @Test("arrays longer than the file")
    func longArray() {
        var bytes = GGUFBytes(keys: 1)
        bytes.appendKey("long", type: 9)
        bytes.append(UInt32(4))
        bytes.append(UInt64(1) << 62)
        #expect(refusal(bytes).contains("element count"))
    }

    @Test("a key or a tensor that is there twice")
    func duplicates() {
        var keys = GGUFBytes(keys: 2)
        for _ in 0..<2 {
            keys.appendKey("key", type: 10)
            keys.append(UInt64(0))
        }
        #expect(refusal(keys).contains("'key' is there twice"))
        var tensors = GGUFBytes(tensors: 2)
        tensors.appendTensor("t", [1])
        tensors.appendTensor("t", [1], offset: 32)
        tensors.appendData([UInt8](repeating: 0, count: 64))
        #expect(refusal(tensors).contains("'t' is there twice"))
    }

    @Test("an alignment that is not a power of two", arguments: [0, 3, 48, 1 << 30] as [UInt32])
    func alignment(value: UInt32) {
        var bytes = GGUFBytes(keys: 1)
        bytes.appendKey("general.alignment", type: 4)
        bytes.append(value)
        #expect(refusal(bytes).contains("power of two"))
    }

    @Test("tensor shapes that overflow, are empty, or have too many dimensions")
    func shapes() {
        for shape in [[], [0], [1, 1, 1, 1, 1], [1 << 47, 1 << 47], [.max]] as [[UInt64]] {
            var bytes = GGUFBytes(tensors: 1)
            bytes.appendTensor("t", shape)
            bytes.appendData([UInt8](repeating: 0, count: 64))
            #expect(refusal(bytes).contains("tensor 't' has"), "\(shape)")
        }
    }

    @Test("rows that are not whole blocks")
    func partialBlocks() {
        var bytes = GGUFBytes(tensors: 1)
        bytes.appendTensor("t", [48], type: 2)
        bytes.appendData([UInt8](repeating: 0, count: 64))
        #expect(refusal(bytes).contains("not a multiple of the block of 32 that Q4_0 needs"))
    }

    @Test("formats that are not read are named")
    func unsupportedTypes() {
        for (code, name) in [(10, "Q2_K"), (20, "IQ4_NL"), (28, "F64"), (99, "code 99")] as [(UInt32, String)] {
            var bytes = GGUFBytes(tensors: 1)
            bytes.appendTensor("t", [256], type: code)
            bytes.appendData([UInt8](repeating: 0, count: 2048))
            #expect(refusal(bytes).contains(name))
        }
    }

    @Test("tensor data that are misaligned, outside the file, or shared")
    func offsets() {
        let cases: [(UInt64, String)] = [
            (5, "multiple of 32"), (64, "ends inside"), (1 << 50, "offset"), (0, "overlap"),
        ]
        for (offset, expected) in cases {
            var bytes = GGUFBytes(tensors: 2)
            bytes.appendTensor("first", [8])
            bytes.appendTensor("second", [8], offset: offset)
            bytes.appendData([UInt8](repeating: 0, count: 64))
            #expect(refusal(bytes).contains(expected), "offset \(offset)")
        }
    }

    @Test("every truncation of a real file")
    func truncations() throws {
        let whole = [UInt8](try Data(contentsOf: ggufFixture("blocks.gguf")))
        let steps = Array(0..<1300) + Array(stride(from: 1300, to: whole.count - 31, by: 97))
        for length in steps {
            let file = try TemporaryFile(Array(whole.prefix(length)))
            #expect(throws: GGUFError.self) { try withExtendedLifetime(file) { try GGUFFile(contentsOf: file.url) } }
        }
    }

    @Test("random corruption is refused or read, never a crash")
    func corruption() throws {
        let whole = [UInt8](try Data(contentsOf: ggufFixture("blocks.gguf")))
        var generator = SeededGenerator(seed: 0x4747_5546)
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let position = Int.random(in: 0..<1300, using: &generator)
                bytes[position] =
                    [0, 1, 0xFF, UInt8.random(in: 0...255, using: &generator)]
                    .randomElement(using: &generator) ?? 0
            }
            let corrupted = try TemporaryFile(bytes)
            guard let file = withExtendedLifetime(corrupted, { try? GGUFFile(contentsOf: corrupted.url) }) else {
                continue
            }
            for tensor in file.tensors where tensor.elementCount < 1 << 16 { _ = try? file.bfloat16(tensor) }
        }
    }
}
