import Checkpoints
import Foundation
import Testing

/// SmolLM2-135M, from the GGUF that `annie pull` keeps, against what ModelOpt 0.47 exported from the same weights.
@Suite struct RealModelQuantizationTests {
    private static let model = FileManager.default.homeDirectoryForCurrentUser
        .appending(path: ".cache/annie/wheels/SmolLM2-135M-Instruct.Q4_1.gguf")

    /// Without optimisation this takes a minute, so only `swift test -c release` or a named ANNIE_GOLDEN runs it.
    private static var isWanted: Bool {
        #if DEBUG
        let isSlow = ProcessInfo.processInfo.environment["ANNIE_GOLDEN"] == nil
        #else
        let isSlow = false
        #endif
        return !isSlow && FileManager.default.fileExists(atPath: model.path)
    }

    @Test(.enabled(if: isWanted))
    func aWholeModelHasModelOptsBytesAndSize() throws {
        let directory = try TemporaryDirectory()
        let source = directory.url.appending(path: "bf16")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        try GGUFImporter(contentsOf: Self.model).write(to: source)
        let destination = directory.url.appending(path: "nvfp4")
        let report = try Quantizer(source: source, options: QuantizationOptions()).run(to: destination)
        #expect(report.tensors.count == 210 && report.parameterCount == 134_515_008)
        #expect(report.outputBytes == 116_511_080)
        #expect(try Inspector(directory: destination).inspect().problems == [])

        let result = try Checkpoint(directory: destination)
        let golden = try SafetensorsFile(
            path: Fixtures.root.appending(path: "nvfp4/modelopt_layer0_slices.safetensors").path)
        for name in golden.names where !name.hasPrefix("src.") && !name.hasSuffix("input_scale") {
            let expected = try golden.tensor(name)
            var found = try result.tensor(name)
            if name.contains(".mlp."), found.shape.count == 2 { found = found.rows(0..<expected.shape[0]) }
            #expect(found.dataType == expected.dataType && found.shape == expected.shape)
            #expect(found.withUnsafeBytes { Array($0) } == expected.withUnsafeBytes { Array($0) }, "\(name)")
        }
    }
}
