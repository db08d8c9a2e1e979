/// The filters a template can use.
enum TemplateFilter: String, CaseIterable, Sendable {
    case abs, attr, batch, capitalize, center, `default`, dictsort, escape, first, float, format, groupby, indent, int
    case items, join, last, length, list, lower, map, max, min, reject, rejectattr, replace, reverse, round, safe
    case select, selectattr, slice, sort, string, sum, title, tojson, trim, truncate, unique, upper, wordcount

    private static let aliases: [String: TemplateFilter] = ["count": .length, "d": .default, "e": .escape]

    init?(named name: String) {
        guard let filter = Self.aliases[name] ?? TemplateFilter(rawValue: name) else { return nil }
        self = filter
    }
}

extension Renderer {
    func apply(
        _ syntax: FilterSyntax, to value: TemplateValue, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        guard let filter = syntax.filter else { throw .evaluation("No filter named '\(syntax.name)'.") }
        return try apply(filter, to: value, evaluate(syntax.arguments, in: scope))
    }

    func apply(named name: String, to value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError)
        -> TemplateValue
    {
        guard let filter = TemplateFilter(named: name) else { throw .evaluation("No filter named '\(name)'.") }
        return try apply(filter, to: value, arguments)
    }

    func apply(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        try enter()
        defer { leave() }
        switch filter {
        case .abs, .float, .int, .round, .sum, .max, .min: return try applyNumeric(filter, to: value, arguments)
        case .batch, .dictsort, .first, .groupby, .items, .last, .length, .list, .reverse, .slice, .sort, .unique:
            return try applySequence(filter, to: value, arguments)
        case .map, .select, .selectattr, .reject, .rejectattr: return try applySelection(filter, to: value, arguments)
        case .attr:
            let name = try requireText(arguments.bound(to: ["name"], required: 1, of: "attr")[0], "attr")
            if case .mapping = value, mappingLacksMember(name) { return UndefinedValue.attribute(name, of: value) }
            return try attribute(name, of: value)
        case .default:
            let values = try arguments.bound(to: ["default_value", "boolean"], of: "default")
            let replaces = value.isUndefined || (values[1].map(isTrue) ?? false) && !isTrue(value)
            return replaces ? values[0] ?? .string("") : value
        case .tojson: return .string(try json(of: value, arguments))
        default: return try applyText(filter, to: value, arguments)
        }
    }

    /// `attr` sees members only, never a mapping's keys.
    private func mappingLacksMember(_ name: String) -> Bool {
        !["items", "keys", "values", "get", "copy", "clear", "pop", "popitem", "setdefault", "update"].contains(name)
            && !name.hasPrefix("__")
    }
}
