/// The tests a template can make with `is`.
enum TemplateTest: String, CaseIterable, Sendable {
    case odd, even, divisibleby, defined, undefined, filter, test, none, boolean, `false`, `true`, integer, float, lower
    case upper, string, mapping, number, sequence, iterable, callable, sameas, escaped, `in`
    case equal = "eq"
    case notEqual = "ne"
    case greater = "gt"
    case greaterOrEqual = "ge"
    case less = "lt"
    case lessOrEqual = "le"

    private static let aliases: [String: TemplateTest] = [
        "==": .equal, "equalto": .equal, "!=": .notEqual, ">": .greater, "greaterthan": .greater,
        ">=": .greaterOrEqual, "<": .less, "lessthan": .less, "<=": .lessOrEqual,
    ]

    init?(named name: String) {
        guard let test = Self.aliases[name] ?? TemplateTest(rawValue: name) else { return nil }
        self = test
    }

    fileprivate var comparison: ComparisonOperator? {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .in: .contained
        default: nil
        }
    }
}

extension Renderer {
    func passes(
        _ syntax: TestSyntax, _ value: TemplateValue, in scope: TemplateScope
    ) throws(ChatTemplateError) -> Bool {
        guard let test = syntax.test else { throw .evaluation("No test named '\(syntax.name)'.") }
        return try passes(test, value, evaluate(syntax.arguments, in: scope))
    }

    func passes(
        named name: String, _ value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> Bool {
        guard let test = TemplateTest(named: name) else { throw .evaluation("No test named '\(name)'.") }
        return try passes(test, value, arguments)
    }

    private func passes(
        _ test: TemplateTest, _ value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> Bool {
        try charge()
        let takesOperand = test.comparison != nil || test == .divisibleby || test == .sameas
        let values = try arguments.bound(to: takesOperand ? ["other"] : [], required: 1, of: test.rawValue)
        if let comparison = test.comparison { return try holds(comparison, value, values[0] ?? .none) }
        switch test {
        case .odd: return try isTrue(areEqual(remainder(of: value, by: .integer(2)), .integer(1)))
        case .even: return try areEqual(remainder(of: value, by: .integer(2)), .integer(0))
        case .divisibleby: return try areEqual(remainder(of: value, by: values[0] ?? .none), .integer(0))
        case .sameas: return try isSame(value, values[0] ?? .none)
        case .lower: return try PythonCase.holds(.islower, of: text(of: value))
        case .upper: return try PythonCase.holds(.isupper, of: text(of: value))
        case .filter: return try TemplateFilter(named: text(of: value)) != nil
        case .test: return try TemplateTest(named: text(of: value)) != nil
        default: return hasType(test, value)
        }
    }

    private func isTrue(_ value: Bool) -> Bool { value }

    private func remainder(of value: TemplateValue, by divisor: TemplateValue) throws(ChatTemplateError)
        -> TemplateValue
    {
        try apply(.modulo, value, divisor)
    }

    private func hasType(_ test: TemplateTest, _ value: TemplateValue) -> Bool {
        switch (test, value) {
        case (.defined, .undefined): false
        case (.defined, _): true
        case (.undefined, .undefined), (.none, .none), (.boolean, .bool), (.float, .number), (.mapping, .mapping): true
        case (.true, .bool(let value)): value
        case (.false, .bool(let value)): !value
        case (.integer, .integer): true
        case (.number, .integer), (.number, .number), (.number, .bool): true
        case (.string, .string), (.string, .markup), (.escaped, .markup): true
        case (.callable, .function), (.callable, .method), (.callable, .macro), (.callable, .loop),
            (.callable, .undefined):
            true
        case (.iterable, _): isIterable(value)
        case (.sequence, .string), (.sequence, .markup), (.sequence, .list), (.sequence, .tuple), (.sequence, .mapping),
            (.sequence, .range), (.sequence, .undefined):
            true
        default: false
        }
    }

    /// Python's `is`, for the values of which there is only one.
    private func isSame(_ left: TemplateValue, _ right: TemplateValue) throws(ChatTemplateError) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): left == right
        case (.integer, .integer), (.string, .string), (.none, .none), (.namespace, .namespace), (.macro, .macro),
            (.function, .function):
            try areEqual(left, right)
        default: false
        }
    }
}
