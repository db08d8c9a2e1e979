import Foundation

/// Reads model files, and refuses what cannot be one before a library sees it.
enum ModelFile {
    /// The bytes of an ONNX or ORT file, mapped.
    static func read(_ file: URL, of part: SpeechPart) throws(SpeechError) -> Data {
        let data: Data
        do { data = try Data(contentsOf: file, options: .alwaysMapped) } catch {
            throw .unusablePart(part, reason: "\(file.lastPathComponent) cannot be read: \(error.localizedDescription)")
        }
        guard isModel(data, named: file.pathExtension) else {
            throw .unusablePart(part, reason: "\(file.lastPathComponent) is no model file, or only the start of one")
        }
        return data
    }

    /// Loads a model, naming the part in what goes wrong.
    static func load(
        _ data: Data, of part: SpeechPart, runtime: OnnxRuntime, optimization: OnnxSession.Optimization = .all
    ) throws(SpeechError) -> OnnxSession {
        do { return try OnnxSession(data, runtime: runtime, optimization: optimization) } catch {
            guard case .failed(let reason) = error else { throw error }
            throw .unusablePart(part, reason: reason)
        }
    }

    /// Whether the bytes are in ONNX Runtime's own format.
    static func isOwnFormat(_ data: Data) -> Bool { data.dropFirst(4).prefix(4) == Data("ORTM".utf8) }

    private static func isModel(_ data: Data, named fileExtension: String) -> Bool {
        guard fileExtension == "onnx" else { return isOwnFormat(data) }
        // A whole protobuf message that has a graph.
        return (try? ProtobufField.all(in: data))?.contains { $0.number == 7 && $0.payload.count > 0 } ?? false
    }
}
