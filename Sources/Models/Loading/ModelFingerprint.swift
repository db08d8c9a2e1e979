import Checkpoints
import Foundation

/// Tells one checkpoint from another: configuration, names and shapes of tensors, and a sample of each one's bytes.
package struct ModelFingerprint: Sendable, Equatable {
    /// Hexadecimal digits.
    package let text: String
    private static let samplesPerTensor = 8
    private static let sampleBytes = 64

    /// The fingerprint of a Hugging Face directory.
    package init(directory: URL) throws {
        var hash = ContentHash()
        hash.add(try ModelConfiguration(directory: directory).json.text(.compact))
        let checkpoint = try Checkpoint(directory: directory)
        for name in checkpoint.names {
            let tensor = try checkpoint.tensor(name)
            hash.add("\(name) \(tensor.dataType.rawValue) \(tensor.shape)")
            tensor.withUnsafeBytes { bytes in
                for sample in 0..<Self.samplesPerTensor {
                    let start = bytes.count / Self.samplesPerTensor * sample
                    hash.add(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.sampleBytes, bytes.count)]))
                }
            }
        }
        text = hash.text
    }
}
