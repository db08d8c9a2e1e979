import Compute
import Testing
import Training

@Suite struct GoldenTrainingTests {
    @Test(arguments: GoldenTraining.names)
    func lossAndGradientsMatchTheReference(name: String) throws {
        let golden = try GoldenTraining(name)
        let trainer = try golden.trainer()
        let loss = try trainer.gradients(of: [golden.batch])
        #expect(abs(loss - golden.loss) < 1e-5)
        #expect(!golden.gradients.isEmpty)
        for (parameter, expected) in golden.gradients {
            let found = try #require(trainer.gradient(parameter), "\(parameter)")
            #expect(relativeError(found, expected) < 1e-4, "\(parameter)")
        }
    }

    @Test(arguments: GoldenTraining.names)
    func sixStepsOfAdamWMatchTheReference(name: String) throws {
        let golden = try GoldenTraining(name)
        let trainer = try golden.trainer()
        #expect(golden.adamWLosses.count == 6)
        for expected in golden.adamWLosses {
            let report = try trainer.step([golden.batch])
            #expect(abs(report.loss - expected) < 2e-4 * max(1, expected))
        }
    }
}
