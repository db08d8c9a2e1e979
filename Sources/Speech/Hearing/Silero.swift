import Foundation

/// Silero's voice activity detector: the probability of speech in windows of 32 ms.
final class Silero: SpeechDetecting {
    private let session: OnnxSession
    private let rate: Tensor
    private let order: [Int]

    /// What the model remembers of one stream, and the end of the window before, which it wants to see again.
    private struct Memory {
        var context = [Float](repeating: 0, count: Silero.contextCount)
        var state = [Float](repeating: 0, count: 2 * 128)
    }

    private static let contextCount = 64
    private var memories: [UInt32: Memory] = [:]

    init(_ models: SpeechModels, runtime: OnnxRuntime) throws(SpeechError) {
        let data = try ModelFile.read(try models.file("silero_vad.onnx", of: .voiceActivity), of: .voiceActivity)
        session = try ModelFile.load(data, of: .voiceActivity, runtime: runtime)
        try session.require(inputs: ["input", "state", "sr"], outputs: ["output", "stateN"], part: .voiceActivity)
        rate = try Tensor(CollectionOfOne(Int64(16_000)), shape: [], of: runtime)
        order = session.inputNames.map { ["input", "state", "sr"].firstIndex(of: $0) ?? 0 }
    }

    func speechProbability(_ window: [Float], stream: UInt32) throws(SpeechError) -> Float {
        guard window.count == 512 else {
            throw .invalidInput("a window for voice activity has 512 samples at 16 kHz, not \(window.count)")
        }
        var memory = memories[stream] ?? Memory()
        let input = memory.context + window
        let tensors = [
            try Tensor(input, shape: [1, input.count], of: session.runtime),
            try Tensor(memory.state, shape: [2, 1, 128], of: session.runtime), rate,
        ]
        let outputs = try session.run(order.map { tensors[$0] })
        let names = session.outputNames
        guard let output = names.firstIndex(of: "output"), let next = names.firstIndex(of: "stateN") else { return 0 }
        memory.context = Array(window.suffix(Self.contextCount))
        memory.state = try outputs[next].withFloats { floats, _ in Array(floats) }
        guard memory.state.count == 256 else { throw .failed("the voice activity model's state has another size") }
        memories[stream] = memory
        return try outputs[output].withFloats { floats, _ in floats.first ?? 0 }
    }

    func forget(stream: UInt32) { memories[stream] = nil }
}
