import Foundation
import JSON

/// The record, beside a checkpoint's weights, of which prompt its manners were taught with.
public enum PromptFingerprint {
    /// The file's name within a checkpoint's directory.
    public static let fileName = "annie_prompt.json"

    /// Writes the record; training and export do.
    public static func write(_ fingerprint: String, persona: String, to checkpointDirectory: URL) throws {
        let record: JSONValue = ["fingerprint": .string(fingerprint), "persona": .string(persona)]
        let text = record.text(.pretty) + "\n"
        try Data(text.utf8).write(to: checkpointDirectory.appending(path: fileName), options: .atomic)
    }

    /// What to warn of when `fingerprint` is about to be served: nil where the two agree, or nothing is recorded.
    public static func check(_ checkpointDirectory: URL, against fingerprint: String) -> String? {
        let file = checkpointDirectory.appending(path: fileName)
        guard let data = try? Data(contentsOf: file) else { return nil }
        guard let taught = (try? JSONValue(parsing: data))?["fingerprint"]?.string else {
            return "\(fileName) of the checkpoint holds no \"fingerprint\": it cannot be told whether the model was"
                + " taught with this prompt. Delete the file, or export the checkpoint again."
        }
        guard taught != fingerprint else { return nil }
        return "The model was taught with another prompt (\(taught.prefix(12))) than the one it is given now"
            + " (\(fingerprint.prefix(12))): its manners may suffer. Use the persona and the tools it was taught with,"
            + " or teach it again."
    }
}
