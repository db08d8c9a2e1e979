extension Renderer {
    /// `map`, `select`, `selectattr`, `reject` and `rejectattr`.
    func applySelection(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        // As in Jinja, anything false has no elements here, even if it cannot be walked.
        guard isTrue(value) else { return .iterator(try TemplateIterator([])) }
        if filter == .map { return try map(value, arguments) }
        var rest = arguments
        var path: [TemplateValue] = []
        if filter == .selectattr || filter == .rejectattr {
            guard !rest.positional.isEmpty else { throw .evaluation("Missing parameter for attribute name") }
            path = try attributePath(rest.positional.removeFirst())
        }
        let name = rest.positional.isEmpty ? nil : rest.positional.removeFirst()
        let keeps = filter == .select || filter == .selectattr
        var selected: [TemplateValue] = []
        for item in try elements(of: value) {
            let candidate = try follow(path, from: item)
            let passes = try name.map { name throws(ChatTemplateError) in
                try self.passes(named: self.text(of: name), candidate, rest)
            }
            if passes ?? isTrue(candidate) == keeps { selected.append(item) }
        }
        return .iterator(try TemplateIterator(selected))
    }

    private func map(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        var results: [TemplateValue] = []
        if arguments.positional.isEmpty, let attribute = arguments.named.first(where: { $0.name == "attribute" }) {
            let path = try attributePath(attribute.value)
            let fallback = arguments.named.first { $0.name == "default" }?.value
            if let unknown = arguments.named.first(where: { $0.name != "attribute" && $0.name != "default" }) {
                throw .evaluation("Unexpected keyword argument '\(unknown.name)'")
            }
            for item in try elements(of: value) {
                results.append(try follow(path, from: item, fallback: fallback.flatMap { $0.isNone ? nil : $0 }))
            }
            return .iterator(try TemplateIterator(results))
        }
        guard let name = arguments.positional.first else { throw .evaluation("map requires a filter argument") }
        let rest = CallArguments(positional: Array(arguments.positional.dropFirst()), named: arguments.named)
        let filter = try text(of: name)
        for item in try elements(of: value) { results.append(try apply(named: filter, to: item, rest)) }
        return .iterator(try TemplateIterator(results))
    }

    // MARK: Attribute paths

    /// The parts of `a.b.0`, or of a single index.
    func attributePath(_ attribute: TemplateValue) throws(ChatTemplateError) -> [TemplateValue] {
        if attribute.isNone { return [] }
        return attribute.text.map(Self.path) ?? [attribute]
    }

    static func path(_ text: String) -> [TemplateValue] {
        text.split(separator: ".", omittingEmptySubsequences: false).map { part in
            part.allSatisfy { $0.isASCII && $0.isNumber }
                ? Int(part).map { .integer($0) } ?? .string(String(part))
                : .string(String(part))
        }
    }

    func follow(
        _ path: [TemplateValue], from item: TemplateValue, fallback: TemplateValue? = nil
    ) throws(ChatTemplateError) -> TemplateValue {
        var value = item
        for part in path {
            value = try element(part, of: value)
            if value.isUndefined, let fallback { value = fallback }
        }
        return value
    }

    func follow(_ path: [TemplateValue], from items: [TemplateValue]) throws(ChatTemplateError) -> [TemplateValue] {
        var values: [TemplateValue] = []
        for item in items { values.append(try follow(path, from: item)) }
        return values
    }

    /// Text in lower case, for sorting and comparing; other values as they are.
    func foldingCase(_ value: TemplateValue, unless isCaseSensitive: Bool) -> TemplateValue {
        guard !isCaseSensitive, let text = value.text else { return value }
        return .string(text.lowercased())
    }
}
