import Checkpoints
import Foundation
import Testing

@Suite struct SafetensorsWriterTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    @Test(arguments: ["llama_tiny", "qwen3_tiny"])
    func rewritingAPythonFileGivesTheSameBytes(name: String) throws {
        let source = Fixtures.model(name).appending(path: "model.safetensors")
        let file = try SafetensorsFile(path: source.path)
        let tensors = try file.names.map { try file.tensor($0) }
        let copy = directory.url.appending(path: "copy.safetensors")
        let writer = try SafetensorsWriter(
            url: copy, tensors: tensors.shuffled().map { TensorDeclaration($0.name, $0.dataType, $0.shape) },
            metadata: file.metadata)
        for tensor in tensors.shuffled() {
            try tensor.withUnsafeBytes { bytes in
                let half = bytes.count / 2
                try writer.append(UnsafeRawBufferPointer(rebasing: bytes[..<half]), to: tensor.name)
                try writer.append(UnsafeRawBufferPointer(rebasing: bytes[half...]), to: tensor.name)
            }
        }
        try writer.finish()
        #expect(try Data(contentsOf: copy) == Data(contentsOf: source))
    }

    @Test func randomTensorsSurviveARoundTrip() throws {
        var random = SeededGenerator(seed: 5)
        for round in 0..<40 {
            let url = directory.url.appending(path: "\(round).safetensors")
            let tensors = (0..<Int.random(in: 0...9, using: &random)).map { index in
                TensorDeclaration(
                    "t\(index)ಕ", TensorDataType.allCases.randomElement(using: &random)!,
                    (0..<Int.random(in: 0...3, using: &random)).map { _ in Int.random(in: 0...5, using: &random) })
            }
            let contents = tensors.map { tensor in
                (0..<tensor.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            let writer = try SafetensorsWriter(url: url, tensors: tensors)
            for (tensor, bytes) in zip(tensors, contents) { try writer.append(bytes, to: tensor.name) }
            try writer.finish()
            let file = try SafetensorsFile(path: url.path)
            #expect(Set(file.names) == Set(tensors.map(\.name)) && file.size == writer.size)
            for (tensor, bytes) in zip(tensors, contents) {
                let view = try file.tensor(tensor.name)
                #expect(view.shape == tensor.shape && view.dataType == tensor.dataType)
                #expect(view.withUnsafeBytes { Array($0) } == bytes)
            }
        }
    }

    @Test func anUnfinishedFileLeavesNothing() throws {
        let url = directory.url.appending(path: "a.safetensors")
        do {
            let writer = try SafetensorsWriter(url: url, tensors: [TensorDeclaration("a", .uint8, [4])])
            try writer.append([1, 2], to: "a")
            #expect(try contents().count == 1)
        }
        #expect(try contents() == [])
    }

    @Test func anIncompleteTensorIsAnErrorAndLeavesNothing() throws {
        let writer = try SafetensorsWriter(
            url: directory.url.appending(path: "a.safetensors"), tensors: [TensorDeclaration("a", .uint8, [4])])
        try writer.append([1, 2], to: "a")
        #expect(checkpointError { try writer.append([1, 2, 3], to: "a") }?.message.contains("got 5") == true)
        #expect(checkpointError { try writer.append([1], to: "b") }?.message == "was not declared")
        #expect(checkpointError { try writer.finish() }?.tensor == "a")
        #expect(try contents() == [])
    }

    @Test func aFullDiskIsAClearErrorAndLeavesNothing() throws {
        var calls = 0
        let writer = try SafetensorsWriter(
            url: directory.url.appending(path: "a.safetensors"), tensors: [TensorDeclaration("a", .uint8, [4])],
            metadata: [:]
        ) { descriptor, bytes, count, offset in
            calls += 1
            if calls == 1 { return pwrite(descriptor, bytes, count, offset) }
            errno = ENOSPC
            return -1
        }
        let error = checkpointError { try writer.append([1, 2, 3, 4], to: "a") }
        #expect(error?.kind == .unwritable)
        #expect(error?.message.contains("No space left") == true && error?.message.contains("bytes are needed") == true)
        #expect(try contents() == [])
    }

    @Test func moreSpaceThanAnyDiskHasIsRefusedAtOnce() throws {
        let url = directory.url.appending(path: "a.safetensors")
        #expect(
            checkpointError {
                _ = try SafetensorsWriter(url: url, tensors: [TensorDeclaration("a", .uint8, [1 << 46])])
            }?.kind == .unwritable)
        #expect(try contents() == [])
    }

    @Test func anAbsentDirectoryIsAClearError() {
        let url = URL(filePath: "/absent/a.safetensors")
        #expect(checkpointError { _ = try SafetensorsWriter(url: url, tensors: []) }?.kind == .unwritable)
    }

    private func contents() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.url.path)
    }
}
