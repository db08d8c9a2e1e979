import Checkpoints
import Foundation
import Testing

@Suite struct SafetensorsFileTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    @Test func tensorsAreReadWhereTheyLie() throws {
        let header =
            #"{"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[2,3],"data_offsets":[0,6]},"#
            + #""b":{"dtype":"F32","shape":[],"data_offsets":[6,10]}}"#
        let path = try directory.file("a.safetensors", safetensors(header, data: [1, 2, 3, 4, 5, 6, 0, 0, 0x80, 0x3F]))
        let file = try SafetensorsFile(path: path)
        #expect(file.names == ["a", "b"])
        #expect(file.metadata == ["format": "pt"])
        let a = try file.tensor("a")
        #expect(a.shape == [2, 3] && a.dataType == .uint8)
        #expect(a.withUnsafeBytes { Array($0) } == [1, 2, 3, 4, 5, 6])
        #expect(a.rows(1..<2).withUnsafeBytes { Array($0) } == [4, 5, 6])
        #expect(try file.tensor("b").scalar() == 1)
    }

    @Test func aViewKeepsItsFileMapped() throws {
        func view() throws -> TensorView {
            let header = #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
            let path = try directory.file("a.safetensors", safetensors(header, data: [9, 8, 7, 6]))
            defer { try? FileManager.default.removeItem(atPath: path) }
            return try SafetensorsFile(path: path).tensor("a")
        }
        #expect(try view().withUnsafeBytes { Array($0) } == [9, 8, 7, 6])
    }

    @Test(arguments: [
        ("{}", [1], "appended"),
        ("[]", [], "does not start"),
        (#"{"a":1}"#, [], "has no dtype"),
        (#"{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}"#, [0], "found dtype F8"),
        (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, [0], "shape is not"),
        (#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, [0], "shape is not"),
        (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, [0], "data_offsets are not"),
        (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, [0], "data_offsets are not"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,1]}}"#, [0], "needs 4 bytes"),
        (#"{"a":{"dtype":"F64","shape":[1099511627776,1099511627776],"data_offsets":[0,1]}}"#, [0], "overflows"),
        (#"{"a":{"dtype":"U8","shape":[0,4611686018427387904],"data_offsets":[0,0]}}"#, [], "shape is not"),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}"#, [0],
            "overflow"
        ),
        (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, [0], "cut short"),
        (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, [0, 0], "leaves a hole"),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
            [0, 0, 0], "overlaps"
        ),
        (#"{"__metadata__":{"a":1}}"#, [], "is not a string"),
        (#"{"__metadata__":[]}"#, [], "is not an object"),
        (#"{"a":"#, [], "invalid JSON"),
    ])
    func aLyingHeaderIsRefused(header: String, data: [UInt8], message: String) throws {
        let path = try directory.file("a.safetensors", safetensors(header, data: data))
        let error = checkpointError { _ = try SafetensorsFile(path: path) }
        #expect(error?.file == path)
        #expect(error?.message.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func theErrorNamesTheTensor() throws {
        let header = #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,1]}}"#
        let path = try directory.file("a.safetensors", safetensors(header, data: [0]))
        #expect(checkpointError { _ = try SafetensorsFile(path: path) }?.tensor == "w")
    }

    @Test(arguments: [0, 7, 8, 20]) func aTruncatedFileIsRefused(length: Int) throws {
        let whole = safetensors(#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, data: [1, 2, 3, 4])
        let path = try directory.file("a.safetensors", whole.prefix(length))
        #expect(checkpointError { _ = try SafetensorsFile(path: path) }?.kind == .malformed)
    }

    @Test func aHugeHeaderIsRefusedBeforeItIsRead() throws {
        let path = try directory.file("a.safetensors", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B])
        #expect(checkpointError { _ = try SafetensorsFile(path: path) }?.message.contains("more than") == true)
    }

    @Test func aDirectoryAndAnAbsentFileAreRefused() {
        #expect(checkpointError { _ = try SafetensorsFile(path: directory.url.path) }?.kind == .unreadable)
        #expect(checkpointError { _ = try SafetensorsFile(path: "/absent/file") }?.kind == .missing)
    }

    @Test func randomDamageNeverCrashes() throws {
        let original = Array(
            try Data(contentsOf: Fixtures.checkpoint("qwen3_5_tiny_nvfp4").appending(path: "model.safetensors")))
        let headerSize = 8 + Int(original[0]) + Int(original[1]) << 8
        var random = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            var damaged = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: 0..<headerSize, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random)) }
            let path = try directory.file("damaged.safetensors", damaged)
            guard let file = try? SafetensorsFile(path: path) else { continue }
            var sum = 0
            for name in file.names { sum += try file.tensor(name).withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } } }
            #expect(sum > 0)
        }
    }
}
