import JSON

/// A reply that is constrained to be a list of calls, `[{"name": …, "parameters": …}, …]`.
///
/// Reads character by character, so that a split anywhere changes nothing, and passes arguments on as they come.
struct RequiredToolReader: ReplyReader {
    private enum State {
        /// Before a call: `[`, `,` or white space.
        case between
        /// In a call, before its parameters: what has been read of it.
        case head(String)
        /// In the parameters, that deep in brackets.
        case arguments(depth: Int)
        /// After the parameters, before the call's closing brace.
        case tail
    }

    private var state = State.between
    private var string = StringTracker()
    private var calls = 0

    mutating func read(_ text: String) -> [ChatDelta] {
        var deltas: [ChatDelta] = []
        var arguments = ""
        // Scalars, because a combining mark may join a quote into one character.
        for scalar in text.unicodeScalars { step(scalar, &deltas, &arguments) }
        flush(&arguments, into: &deltas)
        return deltas
    }

    mutating func finish() -> [ChatDelta] { [] }

    private mutating func step(_ scalar: Unicode.Scalar, _ deltas: inout [ChatDelta], _ arguments: inout String) {
        switch state {
        case .between:
            if scalar == "{" { state = .head("{") }
        case .head(var head):
            head.unicodeScalars.append(scalar)
            state = .head(head)
            if let name = Self.name(in: head) {
                deltas.append(.toolCallStart(index: calls, id: ToolCallIdentifier.random(), name: name))
                calls += 1
                state = .arguments(depth: 0)
                string = StringTracker()
            }
        case .arguments(let depth): stepArguments(scalar, depth: depth, &deltas, &arguments)
        case .tail:
            if scalar == "}" { state = .between }
        }
    }

    private mutating func stepArguments(
        _ scalar: Unicode.Scalar, depth: Int, _ deltas: inout [ChatDelta], _ arguments: inout String
    ) {
        let isInside = string.isInside(after: scalar)
        let isOutside = !isInside && scalar != "\""
        if isOutside, depth == 0, scalar == "}" || scalar == "," {
            flush(&arguments, into: &deltas)
            state = scalar == "}" ? .between : .tail
            return
        }
        // Between the parameters and the brackets around them, white space means nothing.
        if isOutside, depth == 0, scalar.properties.isWhitespace { return }
        arguments.unicodeScalars.append(scalar)
        guard isOutside else { return }
        if scalar == "{" || scalar == "[" { state = .arguments(depth: depth + 1) }
        if scalar == "}" || scalar == "]" { state = .arguments(depth: depth - 1) }
    }

    private func flush(_ arguments: inout String, into deltas: inout [ChatDelta]) {
        guard !arguments.isEmpty else { return }
        deltas.append(.toolCallArguments(index: calls - 1, text: arguments))
        arguments = ""
    }

    /// The call's name, once the head is whole: it ends with the colon after `"parameters"`.
    private static func name(in head: String) -> String? {
        guard head.hasSuffix(":"), let object = try? JSONValue(parsing: head + "null}").object else { return nil }
        guard object.keys.last == "parameters" else { return nil }
        return object["name"]?.string
    }
}

/// Follows where JSON strings begin and end.
struct StringTracker {
    private var isInString = false
    private var isEscaped = false

    /// Takes the next character.
    ///
    /// - Returns: Whether it stands inside a string; the quotes themselves do not.
    mutating func isInside(after scalar: Unicode.Scalar) -> Bool {
        guard isInString else {
            if scalar == "\"" { isInString = true }
            return false
        }
        if isEscaped {
            isEscaped = false
        } else if scalar == "\\" {
            isEscaped = true
        } else if scalar == "\"" {
            isInString = false
            return false
        }
        return true
    }
}
