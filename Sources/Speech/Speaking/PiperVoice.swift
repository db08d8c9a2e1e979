import Foundation

/// A Piper voice, cut in two so that it can be heard before it has finished.
///
/// The first half turns the phonemes of a sentence into frames of what it will sound like; the second turns frames into
/// sound. The second needs most of the time but looks only a few frames around itself, so it is run over a few frames at
/// a time, with a margin that makes the seams exact.
///
/// Source: VITS, Kim et al. 2021.
final class PiperVoice {
    let configuration: PiperConfiguration
    private let encoder: OnnxSession
    private let decoder: OnnxSession

    /// Frames of a sentence, `[channels][count]`.
    struct Frames {
        let values: [Float]
        let channels: Int
        let count: Int
    }

    /// Frames on each side that a frame's sound depends on: convolutions of 7 taps, then residual blocks of up to 7 taps
    /// dilated 12 times at eight times the rate. Eleven are exact for voices of medium quality.
    private static let margin = 12

    init(_ model: URL, runtime: OnnxRuntime) throws(SpeechError) {
        guard let text = try? Data(contentsOf: URL(filePath: model.path + ".json")) else {
            throw .unusablePart(.voice, reason: "the voice's JSON file is missing")
        }
        configuration = try PiperConfiguration([UInt8](text))
        let graph: OnnxGraph
        do { graph = try OnnxGraph(try ModelFile.read(model, of: .voice)) } catch {
            throw .unusablePart(.voice, reason: "\(error)")
        }
        guard try Set(graph.inputNames()) == ["input", "input_lengths", "scales"],
            let seam = graph.firstInput(ofNodeNamed: "/dec/conv_pre/", operation: "Conv")
        else { throw .unusablePart(.voice, reason: "\(model.lastPathComponent) is no Piper voice with one speaker") }
        encoder = try ModelFile.load(try graph.upTo(seam), of: .voice, runtime: runtime, optimization: .none)
        decoder = try ModelFile.load(try graph.from(seam), of: .voice, runtime: runtime)
        guard decoder.inputNames == [seam], encoder.outputNames == [seam] else {
            throw .unusablePart(.voice, reason: "its halves do not fit: \(decoder.inputNames.joined(separator: ", "))")
        }
    }

    /// The frames of a sentence; `speed` 1 is the voice's own.
    func frames(phonemes: String, speed: Double) throws(SpeechError) -> Frames {
        let numbers = configuration.numbers(of: phonemes)
        let scales = [
            Float(configuration.noiseScale), Float(configuration.lengthScale / speed), Float(configuration.noiseWidth),
        ]
        let tensors = [
            "input": try Tensor(numbers, shape: [1, numbers.count], of: encoder.runtime),
            "input_lengths": try Tensor(CollectionOfOne(Int64(numbers.count)), shape: [1], of: encoder.runtime),
            "scales": try Tensor(scales, shape: [3], of: encoder.runtime),
        ]
        let output = try encoder.run(encoder.inputNames.compactMap { tensors[$0] })[0]
        return try output.withFloats { (floats, shape) throws(SpeechError) in
            guard shape.count == 3, shape[0] == 1 else { throw .failed("the voice's frames have the shape \(shape)") }
            return Frames(values: Array(floats), channels: shape[1], count: shape[2])
        }
    }

    /// The sound of some of the frames, exactly as it is within the whole sentence.
    func sound(of frames: Frames, _ range: Range<Int>) throws(SpeechError) -> [Float] {
        let (first, last) = (max(0, range.lowerBound - Self.margin), min(frames.count, range.upperBound + Self.margin))
        var input: [Float] = []
        input.reserveCapacity(frames.channels * (last - first))
        for channel in 0..<frames.channels {
            let start = channel * frames.count
            input.append(contentsOf: frames.values[start + first..<start + last])
        }
        let tensor = try Tensor(input, shape: [1, frames.channels, last - first], of: decoder.runtime)
        return try decoder.run([tensor])[0].withFloats { (floats, _) throws(SpeechError) in
            guard floats.count % (last - first) == 0 else { throw .failed("the voice's sound has an odd length") }
            let perFrame = floats.count / (last - first)
            let start = (range.lowerBound - first) * perFrame
            return Array(floats[start..<start + range.count * perFrame])
        }
    }
}
