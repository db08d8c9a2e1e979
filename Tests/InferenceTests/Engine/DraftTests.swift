import Checkpoints
import Foundation
import Inference
import JSON
import Models
import Testing

/// A model's own head that guesses further tokens: replies stay what they are without it.
@Suite struct DraftTests {
    /// A random model with such a head, changed by `edit` tensor by tensor.
    private static func model(_ edit: (String, [Int], [Float]) -> [Float] = { $2 }) throws -> URL {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "annie-draft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        let file = TinyModel.fixtures.appending(path: "qwen3_5_tiny/config.json")
        var configuration = try JSONValue(parsing: Data(contentsOf: file)).object ?? JSONObject()
        configuration["mtp_num_hidden_layers"] = 1
        let random = scratch.appending(path: "random")
        try Fabricator(configuration: .object(configuration), format: .bfloat16).run(to: random)
        let checkpoint = try Checkpoint(directory: random)
        let directory = scratch.appending(path: "model")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: random.appending(path: "config.json"), to: directory.appending(path: "config.json"))
        let tensors = try checkpoint.names.map { try checkpoint.tensor($0) }
        let writer = try SafetensorsWriter(
            url: directory.appending(path: "model.safetensors"),
            tensors: tensors.map { TensorDeclaration($0.name, .float32, $0.shape) })
        for tensor in tensors {
            let values = edit(tensor.name, tensor.shape, try tensor.floats())
            try values.withUnsafeBytes { try writer.append($0, to: tensor.name) }
        }
        try writer.finish()
        return directory
    }

    private static func engine(_ directory: URL, _ change: (inout EngineOptions) -> Void = { _ in }) throws -> Engine {
        var options = EngineOptions()
        options.threads = 2
        options.loading.dataType = .float32
        change(&options)
        return try Engine(loading: directory, options: options)
    }

    private static func remove(_ directory: URL) {
        try? FileManager.default.removeItem(at: directory.deletingLastPathComponent())
    }

    private static func warm(_ seed: Int) -> SamplingParameters {
        var sampling = SamplingParameters()
        sampling.temperature = 0.8
        sampling.seed = UInt64(seed)
        return sampling
    }

    @Test(arguments: [1, 2, 4])
    func repliesAreTheSameWithAndWithoutTheHead(count: Int) async throws {
        let directory = try Self.model()
        defer { Self.remove(directory) }
        let plain = try Self.engine(directory)
        let drafting = try Self.engine(directory) {
            $0.guessedTokens = count
            $0.guessesWhateverItCosts = true
        }
        for seed in 1...3 {
            for sampling in [SamplingParameters.greedy, Self.warm(seed)] {
                let request = TinyModel.request(
                    TinyModel.prompt(30 * seed, seed: seed), tokens: 80, sampling: sampling)
                #expect(try await drafting.reply(to: request).ids == (try await plain.reply(to: request)).ids)
            }
        }
        #expect(drafting.statistics().guessedTokens > 100)
    }

    @Test func turnsThatGoOnFromKeptStatesAreThoseOfAColdRun() async throws {
        let directory = try Self.model()
        defer { Self.remove(directory) }
        let cold = try Self.engine(directory) { $0.reusesPrefixes = false }
        let drafting = try Self.engine(directory) {
            $0.guessedTokens = 2
            $0.guessesWhateverItCosts = true
        }
        var history = TinyModel.prompt(70, seed: 5)
        for turn in 0..<4 {
            var request = TinyModel.request(history, tokens: 30)
            request.turnStarts = [0, history.count - 10]
            let reply = try await drafting.reply(to: request)
            #expect(reply.ids == (try await cold.reply(to: request)).ids)
            if turn > 0 { #expect((reply.summary?.cachedTokens ?? 0) > 0) }
            history += reply.ids + TinyModel.prompt(20, seed: 6 + turn)
        }
    }

    @Test func severalRepliesAtOnceAreTheSameToo() async throws {
        let directory = try Self.model()
        defer { Self.remove(directory) }
        let plain = try Self.engine(directory)
        let drafting = try Self.engine(directory) {
            $0.guessedTokens = 2
            $0.guessesWhateverItCosts = true
        }
        let prompts = (1...3).map { TinyModel.prompt(25 * $0, seed: $0) }
        var expected: [[Int32]] = []
        for prompt in prompts { expected.append(try await plain.reply(to: TinyModel.request(prompt, tokens: 60)).ids) }
        let found = try await withThrowingTaskGroup(of: (Int, [Int32]).self) { group in
            for (index, prompt) in prompts.enumerated() {
                group.addTask { (index, try await drafting.reply(to: TinyModel.request(prompt, tokens: 60)).ids) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, ids) in expected.enumerated() { #expect(found[index] == ids) }
    }

    /// Where layers add nothing, a token alone decides what follows; a head that passes its token through knows it too.
    @Test func aHeadThatKnowsIsAlwaysRight() async throws {
        let directory = try Self.model { name, shape, values in
            if [".o_proj.", ".out_proj.", ".down_proj."].contains(where: name.contains) {
                return values.map { _ in 0 }
            }
            guard name == "mtp.fc.weight" else { return values }
            return (0..<shape[0] * shape[1]).map { $0 / shape[1] == $0 % shape[1] ? 1 : 0 }
        }
        defer { Self.remove(directory) }
        let drafting = try Self.engine(directory) {
            $0.guessedTokens = 2
            $0.guessesWhateverItCosts = true
        }
        let request = TinyModel.request(TinyModel.prompt(40), tokens: 60)
        let expected = try await Self.engine(directory).reply(to: request).ids
        #expect(try await drafting.reply(to: request).ids == expected)
        let statistics = drafting.statistics()
        #expect(statistics.guessedTokens > 0)
        #expect(statistics.acceptedTokens == statistics.guessedTokens)
    }
}
