import Calibration
import Checkpoints
import Compute
import Foundation

/// Quantises with a progress line.
@discardableResult
func quantizeModel(
    _ source: URL, to destination: URL, options: QuantizationOptions
) throws -> QuantizationReport {
    let quantizer = try Quantizer(source: source, options: options)
    var line = ProgressLine("quantising to NVFP4", unit: .bytes)
    let report = try quantizer.run(to: destination) { line.update($0.completedBytes, of: $0.totalBytes) }
    line.finish()
    return report
}

/// Quantises after a model has read calibration text, where there is any: its inputs' magnitudes become input scales, and
/// awq-lite's scales.
@discardableResult
func quantizeModel(
    _ source: URL, to destination: URL, method: PTQMethod, calibration sequences: [[Int32]],
    options: QuantizationOptions
) throws -> QuantizationReport {
    var options = options
    options.method = method.blockScales
    guard !sequences.isEmpty else { return try quantizeModel(source, to: destination, options: options) }
    let workers = WorkerPool(threads: options.threads)
    var line = ProgressLine("reading calibration text", unit: .items("tokens"))
    let inputs = try CalibrationRun(directory: source, workers: workers).measure(sequences) { line.update($0, of: $1) }
    line.finish()
    guard method == .awqLite else {
        options.inputAmax = inputs.largest
        return try quantizeModel(source, to: destination, options: options)
    }
    var layers = ProgressLine("searching scales", unit: .items("layers"))
    let (report, gains) = try ActivationAwareQuantizer(
        source: source, options: options, inputs: inputs, workers: workers
    ).run(to: destination) { layers.update($0, of: $1) }
    layers.finish()
    let (error, unscaled) = gains.reduce((0.0, 0.0)) { ($0.0 + $1.error, $0.1 + $1.unscaledError) }
    note(String(format: "The layers' outputs have %.1f %% of the squared error that max has.", 100 * error / unscaled))
    return report
}
