/// One entry of an exclude or ignore list, matched as vLLM and ModelOpt match it.
///
/// A module is meant when its name equals the entry, contains it, or fits it as a shell pattern (`*`, `?`, `[abc]`,
/// `[!abc]`; `x*` also covers `x.y`). An entry that begins with `re:` is a regular expression from the start of the name,
/// as in compressed-tensors.
public struct ModulePattern: Sendable, Equatable, CustomStringConvertible {
    /// The entry as written.
    public let description: String

    private static let regexPrefix = "re:"

    /// Checks the entry.
    ///
    /// - Throws: ``CheckpointError`` when a regular expression is not one.
    public init(_ text: String, file: String = "--exclude") throws(CheckpointError) {
        description = text
        guard text.hasPrefix(Self.regexPrefix) else { return }
        do { _ = try Regex(String(text.dropFirst(Self.regexPrefix.count))) } catch {
            throw CheckpointError(.malformed, file: file, "'\(text)' is not a regular expression")
        }
    }

    /// Whether the module of that name is meant.
    public func matches(_ module: String) -> Bool {
        if description.hasPrefix(Self.regexPrefix) {
            let regex = try? Regex(String(description.dropFirst(Self.regexPrefix.count)))
            return regex.flatMap { try? $0.prefixMatch(in: module) } != nil
        }
        guard !description.isEmpty else { return false }
        return module == description || module.utf8.contains(description.utf8)
            || Self.shellMatch(Array(description.unicodeScalars), Array(module.unicodeScalars))
    }

    /// Python's `fnmatch`, in time proportional to the product of the lengths.
    private static func shellMatch(_ pattern: [Unicode.Scalar], _ text: [Unicode.Scalar]) -> Bool {
        var position = 0
        var index = 0
        // Where to go on when the text after a star does not fit: one character further.
        var retry: (index: Int, position: Int)?
        while position < text.count {
            if index < pattern.count, pattern[index] == "*" {
                index += 1
                retry = (index, position)
            } else if index < pattern.count, let next = step(pattern, index, text[position]) {
                index = next
                position += 1
            } else if let (start, from) = retry {
                retry = (start, from + 1)
                index = start
                position = from + 1
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == "*" }
    }

    /// Where the pattern goes on after taking one character, or nil when it does not take it.
    private static func step(_ pattern: [Unicode.Scalar], _ index: Int, _ character: Unicode.Scalar) -> Int? {
        switch pattern[index] {
        case "?": return index + 1
        case "[": break
        default: return pattern[index] == character ? index + 1 : nil
        }
        var start = index + 1
        let negated = start < pattern.count && pattern[start] == "!"
        if negated { start += 1 }
        // A bracket right after the opening stands for itself; without a closing one '[' is an ordinary character.
        guard start < pattern.count, let end = pattern[(start + 1)...].firstIndex(of: "]") else {
            return character == "[" ? index + 1 : nil
        }
        return isIn(pattern[start..<end], character) != negated ? end + 1 : nil
    }

    private static func isIn(_ set: ArraySlice<Unicode.Scalar>, _ character: Unicode.Scalar) -> Bool {
        var index = set.startIndex
        while index < set.endIndex {
            if index + 2 < set.endIndex, set[index + 1] == "-" {
                if set[index] <= character && character <= set[index + 2] { return true }
                index += 3
            } else {
                if set[index] == character { return true }
                index += 1
            }
        }
        return false
    }
}
