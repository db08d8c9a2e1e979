import Checkpoints
import Foundation
import Inference

extension SamplingParameters {
    /// The sampling that the `generation_config.json` of a directory asks for.
    ///
    /// - Throws: `CheckpointError`, also when there is no such file: whoever names a directory expects one.
    init(generationConfigIn directory: URL) throws {
        let file = directory.appending(path: "generation_config.json")
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CheckpointError(.missing, file: file.path, "does not exist; --generation-config names a directory")
        }
        let generation = try GenerationConfiguration(directory: directory)
        self.init()
        temperature = generation.temperature.map(Float.init) ?? temperature
        topK = generation.topK ?? topK
        topP = generation.topP.map(Float.init) ?? topP
        minP = generation.minP.map(Float.init) ?? minP
        repetitionPenalty = generation.repetitionPenalty.map(Float.init) ?? repetitionPenalty
    }
}
