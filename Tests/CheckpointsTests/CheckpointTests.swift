import Checkpoints
import Foundation
import JSON
import Testing

@Suite struct CheckpointTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    private func shard(_ name: String, _ tensors: [String]) throws {
        let writer = try SafetensorsWriter(
            url: directory.url.appending(path: name), tensors: tensors.map { TensorDeclaration($0, .uint8, [1]) })
        for tensor in tensors { try writer.append(Array(tensor.utf8.prefix(1)), to: tensor) }
        try writer.finish()
    }

    private func index(_ map: String) throws {
        _ = try directory.file("model.safetensors.index.json", text: #"{"metadata":{},"weight_map":\#(map)}"#)
    }

    @Test func shardsAreOneCheckpoint() throws {
        try shard("m-1.safetensors", ["a", "c"])
        try shard("m-2.safetensors", ["b"])
        try index(#"{"a":"m-1.safetensors","b":"m-2.safetensors","c":"m-1.safetensors"}"#)
        let checkpoint = try Checkpoint(directory: directory.url)
        #expect(checkpoint.names == ["a", "b", "c"] && checkpoint.files.count == 2 && checkpoint.byteCount == 3)
        #expect(try checkpoint.tensor("b").withUnsafeBytes { Array($0) } == Array("b".utf8))
        checkpoint.advise(.willNeed)
    }

    @Test func anAbsentShardIsNamed() throws {
        try index(#"{"a":"m-1.safetensors"}"#)
        let error = checkpointError { _ = try Checkpoint(directory: directory.url) }
        #expect(error?.kind == .missing && error?.file.hasSuffix("m-1.safetensors") == true)
    }

    @Test func aTensorThatItsShardLacksIsNamed() throws {
        try shard("m-1.safetensors", ["a"])
        try index(#"{"a":"m-1.safetensors","b":"m-1.safetensors"}"#)
        #expect(checkpointError { _ = try Checkpoint(directory: directory.url) }?.tensor == "b")
    }

    @Test func aTensorInTwoShardsIsRefused() throws {
        try shard("m-1.safetensors", ["a"])
        try shard("m-2.safetensors", ["a", "b"])
        try index(#"{"a":"m-1.safetensors","b":"m-2.safetensors"}"#)
        let error = checkpointError { _ = try Checkpoint(directory: directory.url) }
        #expect(error?.tensor == "a" && error?.message.contains("one shard only") == true)
    }

    @Test(arguments: [
        #"{"a":"../x.safetensors"}"#, #"{"a":"/etc/passwd"}"#, #"{"a":""}"#, #"{"a":1}"#, #"{"a":".."}"#, "{}", "[]",
        "null",
    ])
    func anIndexThatPointsElsewhereIsRefused(map: String) throws {
        try index(map)
        #expect(checkpointError { _ = try Checkpoint(directory: directory.url) }?.kind == .malformed)
    }

    @Test(arguments: [
        ("model.gguf", "annie import"), ("pytorch_model.bin", "safetensors"), ("readme.txt", "found neither"),
    ])
    func otherFormatsAreToldApart(file: String, hint: String) throws {
        _ = try directory.file(file, text: "x")
        #expect(checkpointError { _ = try Checkpoint(directory: directory.url) }?.message.contains(hint) == true)
    }

    @Test func anAbsentTensorIsAnErrorThatNamesIt() throws {
        let checkpoint = try Checkpoint(directory: Fixtures.model("llama_tiny"))
        #expect(checkpoint.find("nope") == nil && !checkpoint.contains("nope"))
        #expect(checkpointError { _ = try checkpoint.tensor("nope") }?.tensor == "nope")
    }

    @Test func aShapeIsRequiredWithItsReason() throws {
        let tensor = try Checkpoint(directory: Fixtures.model("llama_tiny")).tensor("model.norm.weight")
        try tensor.requireShape([64], because: "hidden_size")
        let error = checkpointError { try tensor.requireShape([65], because: "hidden_size 65") }
        #expect(error?.message.contains("found shape [64], expected [65] (hidden_size 65)") == true)
    }

    @Test func theViewsOfATensorCopyNothingAndOutliveTheCheckpoint() throws {
        let whole = try Checkpoint(directory: Fixtures.model("llama_tiny")).tensor("model.embed_tokens.weight")
        let part = whole.rows(3..<5)
        #expect(part.shape == [2, 64])
        #expect(try part.floats() == Array(whole.floats()[192..<320]))
        #expect(whole.rows(0..<0).byteCount == 0)
    }

    @Test func ownBytesMakeATensor() throws {
        let tensor = TensorView(name: "x", dataType: .float16, shape: [2], bytes: [0x00, 0x3C, 0x00, 0xC0])
        #expect(try tensor.floats() == [1, -2])
        #expect(checkpointError { _ = try tensor.scalar() }?.tensor == "x")
        let codes = TensorView(name: "y", dataType: .uint8, shape: [1], bytes: [1])
        #expect(checkpointError { _ = try codes.floats() }?.kind == .mismatched)
    }
}
