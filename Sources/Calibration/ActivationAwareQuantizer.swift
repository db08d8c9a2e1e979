import Checkpoints
import Compute
import Foundation

/// Quantises to plain NVFP4 after ``ActivationAwareScaling``.
public struct ActivationAwareQuantizer {
    private let source: URL
    private let options: QuantizationOptions
    private let scaling: ActivationAwareScaling

    /// - Parameters:
    ///   - options: as for `Quantizer`; exclusions leave their layers unrounded, scaled all the same.
    ///   - inputs: measured on the source.
    public init(
        source: URL, options: QuantizationOptions, inputs: CalibrationRun.Inputs, workers: WorkerPool
    ) throws {
        self.source = source
        self.options = options
        // Refuses what cannot be quantised before the search.
        _ = try Quantizer(source: source, options: options)
        scaling = try ActivationAwareScaling(source: source, inputs: inputs, workers: workers)
    }

    /// Writes the checkpoint, which appears only when it is complete. For as long as it takes, the scaled model lies
    /// unquantised beside it.
    public func run(
        to destination: URL, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> (report: QuantizationReport, gains: [ActivationAwareScaling.Gain]) {
        let scaled = destination.deletingLastPathComponent()
            .appending(path: ".\(destination.lastPathComponent).scaled-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: scaled) }
        let found = try scaling.run(to: scaled, overwrites: true, progress: progress)
        var options = options
        options.inputAmax = found.inputAmax
        return (try Quantizer(source: scaled, options: options).run(to: destination), found.gains)
    }
}
