/// Smart Turn: the probability that a speaker has finished, from how the last eight seconds sound.
final class SmartTurn: TurnJudging {
    private let session: OnnxSession
    private let spectrogram = LogMelSpectrogram()

    init(_ models: SpeechModels, runtime: OnnxRuntime) throws(SpeechError) {
        let data = try ModelFile.read(
            try models.file(SpeechPart.endOfTurn.fileNames[0], of: .endOfTurn), of: .endOfTurn)
        session = try ModelFile.load(data, of: .endOfTurn, runtime: runtime)
        try session.require(inputs: ["input_features"], outputs: ["logits"], part: .endOfTurn)
        guard session.inputNames.count == 1 else {
            throw .unusablePart(.endOfTurn, reason: "it has more inputs than input_features")
        }
    }

    func endOfTurnProbability(_ samples: [Float]) throws(SpeechError) -> Float {
        let features = try Tensor(
            spectrogram.features(samples),
            shape: [1, LogMelSpectrogram.bandCount, LogMelSpectrogram.frameCount], of: session.runtime)
        // The output is called logits, but is a probability already.
        return try session.run([features])[0].withFloats { floats, _ in floats.first ?? 0 }
    }
}
