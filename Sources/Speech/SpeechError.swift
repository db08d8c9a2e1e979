/// Why hearing or speaking did not work.
public enum SpeechError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A part of the speech models is not on this machine.
    case missingPart(SpeechPart)
    /// A library that Debian has is not installed; `reason` is what opening it said.
    case missingLibrary(name: String, package: String, reason: String)
    /// A part is here, but is not what it should be.
    case unusablePart(SpeechPart, reason: String)
    /// The voice asked for is not installed.
    case unknownVoice(String)
    /// What was asked cannot be done, whoever is asked.
    case invalidInput(String)
    /// A model failed while it worked.
    case failed(String)
    /// The speech worker ended in the middle of the work; a new one is being started.
    case workerEnded
    /// The speech worker cannot be started, or ends as soon as it starts.
    case workerUnavailable(reason: String)

    /// What was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .missingPart(let part):
            "\(part.purpose) needs '\(part.rawValue)', which is not here; run 'annie pull speech'"
        case .missingLibrary(let name, let package, let reason):
            "\(name) cannot be opened (\(reason)); install it with 'apt-get install \(package)'"
        case .unusablePart(let part, let reason):
            "'\(part.rawValue)' cannot be used: \(reason); delete its directory and run 'annie pull speech'"
        case .unknownVoice(let name):
            "there is no voice '\(name)' here; installed voices are directories with a Piper model"
        case .invalidInput(let reason):
            reason
        case .failed(let reason):
            "the speech model failed: \(reason)"
        case .workerEnded:
            "the speech worker ended in the middle of its work; it is being started again, try once more"
        case .workerUnavailable(let reason):
            "the speech worker does not run: \(reason)"
        }
    }
}
