import Calibration
import Companion
import Foundation
import Teaching
import Testing

@Suite struct ComparisonTests {
    private static let head = "settings: {base: tiny, data: a.jsonl, learning_rate: 5e-5, epochs: 2}\n"

    private func comparison(_ variants: String, head: String = head) throws -> Comparison {
        try Comparison(yaml: head + "variants:\n" + variants)
    }

    @Test func variantsAreChangesOfTheSettings() throws {
        let comparison = try comparison(
            """
              - name: base
              - {name: SFT, train: {learning_rate: 1e-4}}
              - {name: QAT, train: {rounding: w4a4, loss: all-tokens}, inputs: nvfp4, line: QAT}
            """)
        guard case .taught(let sft, nil) = comparison.variants[1].origin,
            case .taught(let qat, nil) = comparison.variants[2].origin
        else { return #expect(Bool(false), "two rows are taught") }
        #expect(comparison.variants[0].origin == .base)
        #expect(sft.learningRate == 1e-4 && sft.rounding == .none && sft.base == "tiny")
        #expect(qat.learningRate == 5e-5 && qat.rounding == .w4a4 && qat.loss == .allTokens)
        #expect(comparison.variants[2].inputs == .nvfp4 && comparison.variants[2].line == "QAT")
    }

    @Test func aQuantisedRowHasTheDoseOfWhatItWasMadeFrom() throws {
        let comparison = try comparison(
            """
              - {name: SFT, train: {learning_rate: 1e-5, epochs: 3}}
              - {name: PTQ, quantize: {of: SFT, method: mse}}
            """)
        let dose = try #require(comparison.dose(of: comparison.variants[1]))
        #expect(dose.learningRate == 1e-5 && dose.epochs == 3)
        #expect(comparison.variants[1].origin == .quantized(of: "SFT", .mse, calibration: nil))
    }

    @Test func aRowIsMadeAgainWhenWhatItComesFromChanges() throws {
        func definition(_ rate: String) throws -> String {
            let comparison = try comparison(
                "  - {name: SFT, train: {learning_rate: \(rate)}}\n  - {name: PTQ, quantize: {of: SFT}}\n")
            return comparison.definition(of: comparison.variants[1])
        }
        #expect(try definition("1e-5") == definition("1e-5"))
        #expect(try definition("1e-5") != definition("2e-5"))
    }

    @Test func filesCountByWhatIsInThem() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "comparison-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func definition(_ place: String, _ text: String) throws -> String {
            let place = folder.appending(path: place, directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try text.write(to: place.appending(path: "a.jsonl"), atomically: true, encoding: .utf8)
            let comparison = try Comparison(
                yaml: "settings: {base: tiny, data: a.jsonl}\nvariants:\n  - {name: SFT, train: {epochs: 1}}\n",
                folder: place)
            return comparison.definition(of: comparison.variants[0])
        }
        let first = try definition("here", "one")
        #expect(try definition("there", "one") == first)
        #expect(try definition("there", "two") != first)
    }

    @Test func aRowIsMeasuredAgainWhenItsTextsOrItsReferenceChange() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "comparison-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func measurement(_ text: String, _ rate: String) throws -> String {
            try text.write(to: folder.appending(path: "t.txt"), atomically: true, encoding: .utf8)
            let comparison = try Comparison(
                yaml: """
                    settings: {base: tiny, data: a.jsonl}
                    text: t.txt
                    reference: SFT
                    variants: [{name: base}, {name: SFT, train: {learning_rate: \(rate)}}]
                    """, folder: folder)
            return comparison.measurement(of: comparison.variants[0])
        }
        #expect(try measurement("one", "1e-4") == measurement("one", "1e-4"))
        #expect(try measurement("one", "1e-4") != measurement("two", "1e-4"))
        #expect(try measurement("one", "1e-4") != measurement("one", "2e-4"))
    }

    @Test func whatIsNeededMustStandAbove() {
        #expect(throws: ComparisonError.wrongOrder("SFT", in: "PTQ")) {
            try comparison("  - {name: PTQ, quantize: {of: SFT}}\n  - {name: SFT, train: {epochs: 1}}\n")
        }
        #expect(throws: ComparisonError.unknownVariant("SFT", in: "PTQ", known: ["PTQ"])) {
            try comparison("  - {name: PTQ, quantize: {of: SFT}}\n")
        }
    }

    @Test func aTeacherMayBeAnyModelAndTheStartMayNot() throws {
        _ = try comparison("  - {name: QAD, train: {distill: {teacher: other}}}\n")
        #expect(throws: ComparisonError.self) { try comparison("  - {name: QAD, from: other, train: {epochs: 1}}\n") }
    }

    @Test func awqWithoutTextIsRefused() {
        #expect(throws: ComparisonError.noText("AWQ")) {
            try comparison(
                "  - {name: SFT, train: {epochs: 1}}\n  - {name: AWQ, quantize: {of: SFT, method: awq-lite}}\n")
        }
    }

    @Test func rowsThatCannotBeToldApartAreRefused() {
        #expect(throws: ComparisonError.sameName("QAT!")) { try comparison("  - {name: QAT}\n  - {name: QAT!}\n") }
        #expect(throws: ComparisonError.severalOrigins("x")) {
            try comparison("  - {name: SFT}\n  - {name: x, train: {epochs: 1}, quantize: {of: SFT}}\n")
        }
        #expect { try comparison("  - {name: a, trains: {}}\n") } throws: { "\($0)".contains("did you mean 'train'?") }
    }

    @Test func theProjectsOwnComparisonIsWhole() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let comparison = try Comparison(contentsOf: root.appending(path: "Personas/annie/compare.yaml").path)
        for text in comparison.text + comparison.calibration.values.flatMap(\.self) + comparison.recipe.data {
            #expect(FileManager.default.fileExists(atPath: text), "\(text)")
        }
        for persona in comparison.variants.compactMap(\.persona) { _ = try Persona(contentsOf: persona) }
        let lines = Dictionary(grouping: comparison.variants.filter { $0.line != nil }) { $0.line }
        #expect(lines.count == 5 && lines.values.allSatisfy { $0.count == 3 })
    }
}
