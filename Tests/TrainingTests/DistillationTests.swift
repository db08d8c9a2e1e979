import Foundation
import Testing
import Training

@Suite struct DistillationTests {
    @Test func aStudentThatIsItsTeacherHasNothingToLearn() throws {
        let golden = try GoldenTraining("llama_tiny")
        let trainer = try golden.trainer { $0.distillation = Distillation() }
        let report = try trainer.step([golden.batch])
        #expect(abs(report.loss) < 1e-5 && report.gradientNorm < 1e-3)
        #expect(abs(report.crossEntropy - golden.loss) < 1e-5)
    }

    @Test(arguments: [Float(1), 2])
    func aQuantisedStudentComesCloserToItsTeacher(temperature: Float) throws {
        let golden = try GoldenTraining("qwen2_tiny")
        let trainer = try golden.trainer {
            $0.distillation = Distillation()
            $0.distillation?.temperature = temperature
            $0.fakeQuantization = FakeQuantization()
            $0.schedule.peak = 2e-4
        }
        let divergences = try (0..<10).compactMap { _ in try trainer.step([golden.batch]).divergence }
        #expect(divergences.count == 10 && divergences[9] < divergences[0] * 0.7)
    }

    @Test func aMixtureIsTheWeightedSum() throws {
        let golden = try GoldenTraining("llama_tiny")
        let trainer = try golden.trainer {
            $0.distillation = Distillation()
            $0.distillation?.weight = 0.25
            $0.fakeQuantization = FakeQuantization()
        }
        let report = try trainer.step([golden.batch])
        let divergence = try #require(report.divergence)
        #expect(divergence > 0.01)
        #expect(abs(report.loss - (0.75 * report.crossEntropy + 0.25 * divergence)) < 1e-9)
    }

    @Test func aTeacherOfAnotherVocabularyIsRefused() throws {
        let golden = try GoldenTraining("llama_tiny")
        let scratch = try ScratchDirectory()
        let config = try String(contentsOf: golden.directory.appending(path: "config.json"), encoding: .utf8)
        try config.replacingOccurrences(of: "\"vocab_size\": 512", with: "\"vocab_size\": 513")
            .write(to: scratch.url.appending(path: "config.json"), atomically: true, encoding: .utf8)
        #expect(throws: TrainingError.self) {
            try golden.trainer {
                $0.distillation = Distillation()
                $0.distillation?.teacherDirectory = scratch.url
            }
        }
    }
}
