import Checkpoints
import Compute
import Foundation
import JSON
import Models
import Testing

@Suite struct FabricatorTests {
    private func tinyConfiguration() throws -> JSONValue {
        try JSONValue(
            parsing: Data(contentsOf: GoldenModel.fixtures.appending(path: "qwen3_5_tiny/config.json")))
    }

    private func fabricate(_ format: Fabricator.Format, _ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-random-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try Fabricator(configuration: tinyConfiguration(), format: format).run(to: directory)
        try body(directory)
    }

    @Test(arguments: Fabricator.Format.allCases)
    func aFabricatedCheckpointIsValidAndRuns(format: Fabricator.Format) throws {
        try fabricate(format) { directory in
            #expect(try Inspector(directory: directory).inspect().problems == [])
            let model = try LoadedModel(
                directory: directory, options: LoadingOptions(), workers: WorkerPool(threads: 2))
            let logits = DirectRunner(model).logits((0..<70).map { Int32($0) }, chunks: [70])
            let isFinite = logits.allSatisfy { $0.isFinite }
            #expect(isFinite)
            #expect(Set(logits).count > 1000)
            #expect(model.report.formats["nvfp4"] ?? 0 == (format == .nvfp4 ? 16 : 0))
        }
    }

    @Test func itSaysThatItsWeightsAreRandom() throws {
        try fabricate(.bfloat16) { directory in
            let json = try JSONValue(parsing: Data(contentsOf: directory.appending(path: "config.json")))
            #expect(json["random_weights"]?.string != nil)
            let card = try String(contentsOf: directory.appending(path: "README.md"), encoding: .utf8)
            #expect(card.contains("random weights"))
        }
    }

    @Test(arguments: PublishedSize.allCases)
    func namedSizesAreThePublishedOnes(size: PublishedSize) throws {
        let name = size.rawValue.replacing("qwen3.5-", with: "qwen3_5_")
        let file = Qwen35Tests.checkpoints.appending(path: "configs/\(name).json")
        let published = try ModelConfiguration(json: try JSONValue(parsing: Data(contentsOf: file)))
        let named = try ModelConfiguration(json: size.configuration)
        let models = try [published, named].map { try ModelRegistry.model(for: $0, names: .textOnly).parameters }
        #expect(models[0].linears == models[1].linears && models[0].norms == models[1].norms)
        #expect(models[0].arrays == models[1].arrays && models[0].embedding == models[1].embedding)
        #expect(published.rotary == named.rotary && published.maximumPositions == named.maximumPositions)
    }
}
