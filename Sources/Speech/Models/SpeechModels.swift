import Foundation

/// Where the speech models are: one directory a part, as `annie pull speech` makes them.
public struct SpeechModels: Sendable, Equatable {
    /// The directory that holds the parts' directories.
    public let directory: URL

    /// Parts in this directory, which need not be there.
    public init(directory: URL) { self.directory = directory }

    /// A file of a part.
    ///
    /// - Throws: ``SpeechError/missingPart(_:)``.
    func file(_ name: String, of part: SpeechPart) throws(SpeechError) -> URL {
        let file = directory.appending(path: part.rawValue).appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path) else { throw .missingPart(part) }
        return file
    }

    /// The parts that are not here, or not completely.
    public var missingParts: [SpeechPart] {
        SpeechPart.allCases.filter { part in
            part.fileNames.contains { (try? file($0, of: part)) == nil }
        }
    }

    /// The model of a Piper voice: that of the name's directory, or the default one.
    ///
    /// - Throws: ``SpeechError/unknownVoice(_:)`` or ``SpeechError/missingPart(_:)``.
    func voice(named name: String?) throws(SpeechError) -> URL {
        guard let name, name != SpeechPart.voice.rawValue else {
            return try file(SpeechPart.voice.fileNames[0], of: .voice)
        }
        guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else { throw .unknownVoice(name) }
        let files = try? FileManager.default.contentsOfDirectory(
            at: directory.appending(path: name), includingPropertiesForKeys: nil)
        guard let model = files?.first(where: { $0.pathExtension == "onnx" }),
            FileManager.default.fileExists(atPath: model.path + ".json")
        else { throw .unknownVoice(name) }
        return model
    }
}
