/// Finds where a JSON object or array ends while it is being written, aware of strings and escapes.
struct JSONExtent {
    enum Progress: Equatable {
        /// The value goes on.
        case incomplete
        /// The value ends before this position.
        case complete(end: Int)
        /// This cannot be JSON.
        case malformed
    }

    private var position: Int
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// The value starts at that position, with `{` or `[`.
    init(startingAt position: Int) { self.position = position }

    /// Goes on from where it stopped.
    mutating func advance(in bytes: [UInt8]) -> Progress {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return .complete(end: position) }
            // No JSON has this outside a string, and every closing tag does.
            case UInt8(ascii: "<"): return .malformed
            default: break
            }
        }
        return .incomplete
    }
}
