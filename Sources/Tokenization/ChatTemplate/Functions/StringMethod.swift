/// The methods of Python's `str` that templates can call.
enum StringMethod: String {
    case capitalize, casefold, center, count, endswith, expandtabs, find, format, index, isalnum, isalpha, isascii
    case isdecimal, isdigit, isidentifier, islower, isnumeric, isprintable, isspace, istitle, isupper, join, ljust
    case lower, lstrip, partition, removeprefix, removesuffix, replace, rfind, rindex, rjust, rpartition, rsplit
    case rstrip, split, splitlines, startswith, strip, swapcase, title, upper, zfill

    init?(named name: String) { self.init(rawValue: name) }
}

extension Renderer {
    func call(
        _ method: StringMethod, on text: String, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        try charge(bytes: text.utf8.count)
        switch method {
        case .strip, .lstrip, .rstrip: return .string(try strip(text, method, arguments))
        case .split, .rsplit: return try split(text, method, arguments)
        case .splitlines: return try splitLines(text, arguments)
        case .partition, .rpartition: return try partition(text, method, arguments)
        case .startswith, .endswith: return .bool(try hasAffix(text, method, arguments))
        case .removeprefix, .removesuffix: return .string(try removeAffix(text, method, arguments))
        case .find, .rfind, .index, .rindex, .count: return try locate(text, method, arguments)
        case .replace:
            let values = try arguments.bound(to: ["old", "new", "count"], required: 2, of: "replace")
            let limit = try integer(values[2] ?? .integer(-1))
            return .string(
                try replace(text, requireText(values[0], "replace"), requireText(values[1], "replace"), limit))
        case .join:
            let values = try arguments.bound(to: ["iterable"], required: 1, of: "join")
            return .string(try join(elements(of: values[0] ?? .none), with: text, isStrict: true))
        case .format: return .string(try formatBraces(text, arguments))
        case .center, .ljust, .rjust, .zfill: return .string(try pad(text, method, arguments))
        case .expandtabs:
            let values = try arguments.bound(to: ["tabsize"], of: "expandtabs")
            return .string(try expandTabs(text, size: integer(values[0] ?? .integer(8))))
        default:
            _ = try arguments.bound(to: [], of: method.rawValue)
            return changeCase(text, method)
        }
    }

    private func changeCase(_ text: String, _ method: StringMethod) -> TemplateValue {
        switch method {
        case .lower, .casefold: .string(text.lowercased())
        case .upper: .string(text.uppercased())
        case .capitalize: .string(PythonCase.capitalized(text))
        case .title: .string(PythonCase.titled(text))
        case .swapcase: .string(PythonCase.swapped(text))
        default: .bool(PythonCase.holds(method, of: text))
        }
    }

    // MARK: Arguments

    func requireText(_ value: TemplateValue?, _ function: String) throws(ChatTemplateError) -> String {
        let value = value ?? .none
        guard let text = value.text else {
            throw .evaluation("\(function)() argument must be str, not \(value.typeName)")
        }
        return text
    }

    func integer(_ value: TemplateValue) throws(ChatTemplateError) -> Int {
        guard let index = value.index else {
            throw .evaluation("'\(value.typeName)' object cannot be interpreted as an integer")
        }
        return index
    }

    // MARK: Cutting

    private func strip(
        _ text: String, _ method: StringMethod, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> String {
        let values = try arguments.bound(to: ["chars"], of: method.rawValue)
        var characters: String?
        if let value = values[0], !value.isNone {
            guard value.text != nil else {
                throw .evaluation("\(method.rawValue) arg must be None or str")
            }
            characters = value.text
        }
        return PythonString.stripped(text, of: characters, left: method != .rstrip, right: method != .lstrip)
    }

    private func split(
        _ text: String, _ method: StringMethod, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["sep", "maxsplit"], of: method.rawValue)
        let limit = try integer(values[1] ?? .integer(-1))
        let most = limit < 0 ? Int.max : limit
        let fromRight = method == .rsplit
        guard let separator = values[0], !separator.isNone else {
            return try list(PythonCut.words(text, limit: most, fromRight: fromRight))
        }
        let needle = Array(try requireText(separator, method.rawValue).utf8)
        guard !needle.isEmpty else { throw .evaluation("empty separator") }
        let bytes = Array(text.utf8)
        let cuts =
            fromRight
            ? PythonSearch.offsetsFromRight(of: needle, in: bytes, limit: most).reversed()
            : PythonSearch.offsets(of: needle, in: bytes, limit: most)
        return try list(PythonSearch.pieces(of: bytes, cuts: cuts, width: needle.count))
    }

    func list(_ texts: [String]) throws(ChatTemplateError) -> TemplateValue {
        try charge(texts.count)
        return try .list(texts.map { .string($0) })
    }

    private func splitLines(_ text: String, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["keepends"], of: "splitlines")
        return try list(PythonCut.lines(text, keepsEnds: values[0].map(isTrue) ?? false))
    }

    private func partition(
        _ text: String, _ method: StringMethod, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["sep"], required: 1, of: method.rawValue)
        let separator = try requireText(values[0], method.rawValue)
        guard !separator.isEmpty else { throw .evaluation("empty separator") }
        let (bytes, needle) = (Array(text.utf8), Array(separator.utf8))
        let cuts =
            method == .partition
            ? PythonSearch.offsets(of: needle, in: bytes, limit: 1)
            : PythonSearch.offsetsFromRight(of: needle, in: bytes, limit: 1)
        guard !cuts.isEmpty else {
            let parts = method == .partition ? [text, "", ""] : ["", "", text]
            return try .tuple(parts.map { .string($0) })
        }
        let parts = PythonSearch.pieces(of: bytes, cuts: cuts, width: needle.count)
        return try .tuple([.string(parts[0]), .string(separator), .string(parts[1])])
    }

    private func removeAffix(
        _ text: String, _ method: StringMethod, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> String {
        let values = try arguments.bound(to: ["affix"], required: 1, of: method.rawValue)
        let affix = Array(try requireText(values[0], method.rawValue).utf8)
        let bytes = Array(text.utf8)
        if method == .removeprefix {
            return bytes.starts(with: affix) ? String(decoding: bytes[affix.count...], as: UTF8.self) : text
        }
        guard bytes.count >= affix.count, bytes.suffix(affix.count).elementsEqual(affix) else { return text }
        return String(decoding: bytes[..<(bytes.count - affix.count)], as: UTF8.self)
    }

    // MARK: Finding

    private func hasAffix(
        _ text: String, _ method: StringMethod, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> Bool {
        let values = try arguments.bound(to: ["affix", "start", "end"], required: 1, of: method.rawValue)
        let part = try window(of: text, values[1], values[2])
        var affixes = [values[0] ?? .none]
        if case .tuple(let several) = values[0] { affixes = several.items }
        for affix in affixes {
            guard let affix = affix.text.map({ Array($0.utf8) }) else {
                throw .evaluation(
                    "\(method.rawValue) first arg must be str or a tuple of str, not \(affix.typeName)")
            }
            guard let part, affix.count <= part.bytes.count else { continue }
            let end = method == .startswith ? part.bytes.prefix(affix.count) : part.bytes.suffix(affix.count)
            if end.elementsEqual(affix) { return true }
        }
        return false
    }

    /// The bytes between two code point positions, and the first position; nil when they lie beyond each other.
    private func window(
        of text: String, _ start: TemplateValue?, _ end: TemplateValue?
    ) throws(ChatTemplateError) -> (bytes: [UInt8], start: Int)? {
        guard start != nil || end != nil else { return (Array(text.utf8), 0) }
        let scalars = Array(text.unicodeScalars)
        let first = try integer(start.flatMap { $0.isNone ? nil : $0 } ?? .integer(0))
        let last = try offset(end, count: scalars.count) ?? scalars.count
        let from = first < 0 ? max(0, first.addingReportingOverflow(scalars.count).partialValue) : first
        guard from <= last else { return nil }
        return (Array(PythonString.string(scalars[from..<last]).utf8), from)
    }

    private func locate(
        _ text: String, _ method: StringMethod, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["sub", "start", "end"], required: 1, of: method.rawValue)
        let needle = Array(try requireText(values[0], method.rawValue).utf8)
        let part = try window(of: text, values[1], values[2])
        if method == .count { return .integer(part.map { Self.count(of: needle, in: $0.bytes) } ?? 0) }
        let fromRight = method == .rfind || method == .rindex
        if let part, let offset = Self.firstOffset(of: needle, in: part.bytes, fromRight: fromRight) {
            return .integer(part.start + PythonSearch.scalarCount(part.bytes[..<offset]))
        }
        guard method == .find || method == .rfind else { throw .evaluation("substring not found") }
        return .integer(-1)
    }

    private static func count(of needle: [UInt8], in bytes: [UInt8]) -> Int {
        needle.isEmpty ? PythonSearch.scalarCount(bytes) + 1 : PythonSearch.offsets(of: needle, in: bytes).count
    }

    private static func firstOffset(of needle: [UInt8], in bytes: [UInt8], fromRight: Bool) -> Int? {
        if needle.isEmpty { return fromRight ? bytes.count : 0 }
        return fromRight
            ? PythonSearch.offsetsFromRight(of: needle, in: bytes, limit: 1).first
            : PythonSearch.offsets(of: needle, in: bytes, limit: 1).first
    }
}
