/// Cutting text at white space and line ends.
enum PythonCut {
    /// `str.split()` without a separator: words between runs of white space.
    static func words(_ text: String, limit: Int, fromRight: Bool) -> [String] {
        let scalars = Array(text.unicodeScalars)
        if fromRight {
            let mirrored = words(scalars.reversed(), limit: limit)
            return mirrored.map { PythonString.string($0.reversed()) }.reversed()
        }
        return words(scalars, limit: limit).map { PythonString.string($0) }
    }

    private static func words(_ scalars: [Unicode.Scalar], limit: Int) -> [ArraySlice<Unicode.Scalar>] {
        var words: [ArraySlice<Unicode.Scalar>] = []
        var rest = scalars.drop(while: PythonString.isSpace)
        while !rest.isEmpty {
            if words.count == limit {
                words.append(rest)
                break
            }
            let word = rest.prefix { !PythonString.isSpace($0) }
            words.append(word)
            rest = rest[word.endIndex...].drop(while: PythonString.isSpace)
        }
        return words
    }

    /// `str.splitlines`.
    static func lines(_ text: String, keepsEnds: Bool = false) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var lines: [String] = []
        var start = 0
        var index = 0
        while index < scalars.count {
            guard PythonString.isLineBreak(scalars[index]) else {
                index += 1
                continue
            }
            let isPair = scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
            let next = index + (isPair ? 2 : 1)
            lines.append(PythonString.string(scalars[start..<(keepsEnds ? next : index)]))
            start = next
            index = next
        }
        if start < scalars.count { lines.append(PythonString.string(scalars[start...])) }
        return lines
    }
}
