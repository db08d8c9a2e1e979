/// Why nothing can be written, or no more.
public enum GenerationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The recipe asks for nothing.
    case nothingWanted
    /// No teacher, or more than one.
    case teacher(String)
    /// A key is needed and none is there.
    case missingKey(variable: String)
    /// A limit of cost without prices.
    case missingPrices
    /// A file that cannot be made, written or read.
    case file(path: String, reason: String)
    /// A file that is there and was not begun by this command.
    case taken(path: String)
    /// A file that another run writes.
    case locked(path: String)
    /// A file that was begun for another prompt.
    case otherPrompt(path: String)
    /// A line of the file is no sample of ours.
    case line(path: String, number: Int, reason: String)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .nothingWanted: "the recipe asks for no conversations; give a category a count above 0"
        case .teacher(let problem): problem
        case .missingKey(let variable):
            "the environment variable \(variable) is not set; put the teacher's key there, or name another with --key-env"
        case .missingPrices:
            "a limit of cost needs the prices of a million tokens: --input-price and --output-price, or input_price and"
                + " output_price under 'budget'"
        case .file(let path, let reason): "\(path) cannot be used: \(reason)"
        case .taken(let path):
            "\(path) is there already and has no journal beside it to go on from; name another file, or give --overwrite"
        case .locked(let path): "another run is writing \(path); wait for it, or name another file"
        case .otherPrompt(let path):
            "\(path) was begun for another persona or with another seed, and would mix the two; name another file, or give"
                + " --overwrite"
        case .line(let path, let number, let reason):
            "\(path):\(number): \(reason); remove the line, or give --overwrite"
        }
    }
}
