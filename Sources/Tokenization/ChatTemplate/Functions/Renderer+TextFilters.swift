extension Renderer {
    func applyText(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        switch filter {
        case .indent: return try indent(value, arguments)
        case .truncate: return try truncate(value, arguments)
        case .join:
            let values = try arguments.bound(to: ["d", "attribute"], of: "join")
            var items = try elements(of: value)
            if let path = values[1], !path.isNone { items = try follow(attributePath(path), from: items) }
            let separator = try text(of: values[0] ?? .string(""))
            return .string(try join(items, with: separator, isStrict: false))
        case .escape:
            _ = try arguments.bound(to: [], of: filter.rawValue)
            return .markup(try escaped(value))
        case .string:
            _ = try arguments.bound(to: [], of: filter.rawValue)
            if case .markup = value { return value }
            return .string(try text(of: value))
        default: break
        }
        let text = try text(of: value)
        try charge(bytes: text.utf8.count)
        if filter == .trim, case .markup = value {
            return .markup(try applyText(filter, to: text, arguments).text ?? "")
        }
        return try applyText(filter, to: text, arguments)
    }

    private func applyText(
        _ filter: TemplateFilter, to text: String, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        switch filter {
        case .trim: return try call(.strip, on: text, arguments)
        case .replace:
            let values = try arguments.bound(to: ["old", "new", "count"], required: 2, of: "replace")
            var limit = -1
            if let count = values[2], !count.isNone { limit = try integer(count) }
            return .string(
                try replace(text, self.text(of: values[0] ?? .none), self.text(of: values[1] ?? .none), limit))
        case .center:
            let values = try arguments.bound(to: ["width"], of: "center")
            return .string(try pad(text, .center, CallArguments(positional: [values[0] ?? .integer(80)])))
        case .format:
            guard arguments.positional.isEmpty || arguments.named.isEmpty else {
                throw .evaluation("can't handle positional and keyword arguments at the same time")
            }
            if arguments.named.isEmpty { return .string(try formatPercent(text, .tuple(arguments.positional))) }
            var mapping = TemplateMapping()
            for (name, value) in arguments.named { try mapping.set(name, value) }
            return .string(try formatPercent(text, .mapping(mapping)))
        default: break
        }
        _ = try arguments.bound(to: [], of: filter.rawValue)
        switch filter {
        case .upper: return .string(text.uppercased())
        case .lower: return .string(text.lowercased())
        case .capitalize: return .string(PythonCase.capitalized(text))
        case .title: return .string(PythonCase.titledWords(text))
        case .safe: return .markup(text)
        case .wordcount: return .integer(Self.wordCount(text))
        default: throw .evaluation("the filter '\(filter.rawValue)' cannot be applied to text")
        }
    }

    private static func wordCount(_ text: String) -> Int {
        var count = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            let belongs = PythonCase.isWord(scalar)
            if belongs, !isInWord { count += 1 }
            isInWord = belongs
        }
        return count
    }

    private func indent(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        if case .undefined(let undefined) = value { throw undefined.error }
        guard let text = value.text else { throw unsupported("+=", value, .string("")) }
        let values = try arguments.bound(to: ["width", "first", "blank"], of: "indent")
        let indentation = try indentation(values[0] ?? .integer(4))
        let indentsBlank = values[2].map(isTrue) ?? false
        let lines = PythonCut.lines(text + "\n")
        var output = values[1].map(isTrue) ?? false ? indentation : ""
        for (index, line) in lines.enumerated() {
            if index > 0 {
                try append(line.isEmpty && !indentsBlank ? "\n" : "\n" + indentation, to: &output)
            }
            try append(line, to: &output)
        }
        if case .markup = value { return .markup(output) }
        return .string(output)
    }

    private func truncate(
        _ value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["length", "killwords", "end", "leeway"], of: "truncate")
        let length = try integer(values[0] ?? .integer(255))
        let end = try requireText(values[2] ?? .string("..."), "truncate")
        let leeway = try integer(values[3].flatMap { $0.isNone ? nil : $0 } ?? .integer(5))
        let endLength = end.unicodeScalars.count
        guard length >= endLength else { throw .evaluation("expected length >= \(endLength), got \(length)") }
        guard leeway >= 0 else { throw .evaluation("expected leeway >= 0, got \(leeway)") }
        let found = try self.length(of: value)
        guard found > length, found - length > leeway else { return value }
        guard let text = value.text else { throw .evaluation("truncate() can only shorten text") }
        let scalars = Array(text.unicodeScalars)
        let kept = PythonString.string(scalars[..<(length - endLength)])
        if values[1].map(isTrue) ?? false { return .string(kept + end) }
        let space = kept.unicodeScalars.lastIndex(of: " ") ?? kept.unicodeScalars.endIndex
        return .string(String(kept.unicodeScalars[..<space]) + end)
    }
}
