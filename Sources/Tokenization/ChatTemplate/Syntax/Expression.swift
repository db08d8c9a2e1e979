/// A variable's name, numbered so that scopes compare numbers instead of strings.
struct Symbol: Sendable, Equatable {
    let id: Int
    let text: String
}

/// An expression of the template, with how deeply it nests.
struct Expression: Sendable {
    indirect enum Kind: Sendable {
        case none
        case bool(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        case name(Symbol)
        case list([Expression])
        case tuple([Expression])
        case mapping([(key: Expression, value: Expression)])
        case attribute(Expression, String)
        case element(Expression, Expression)
        case slice(Expression, SliceBounds)
        case call(Expression, CallSyntax)
        case filter(Expression, FilterSyntax)
        case test(Expression, TestSyntax)
        case negate(Expression)
        case positive(Expression)
        case not(Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case concatenate([Expression])
        case compare(Expression, [(comparison: ComparisonOperator, operand: Expression)])
        case conditional(test: Expression, then: Expression, otherwise: Expression?)
    }

    let kind: Kind
    let depth: Int
    let line: Int
}

/// `[start:stop:step]`.
struct SliceBounds: Sendable {
    var start, stop, step: Expression?
    var parts: [Expression] { [start, stop, step].compactMap { $0 } }
}

/// The arguments of a call, filter or test.
struct CallSyntax: Sendable {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    /// `*arguments`
    var spread: Expression?
    /// `**arguments`
    var namedSpread: Expression?

    var parts: [Expression] { positional + named.map(\.value) + [spread, namedSpread].compactMap { $0 } }
}

/// A filter and its arguments; an unknown name is an error only when it is reached.
struct FilterSyntax: Sendable {
    let name: String
    let filter: TemplateFilter?
    let arguments: CallSyntax
}

/// A test and its arguments; an unknown name is an error only when it is reached.
struct TestSyntax: Sendable {
    let name: String
    let test: TemplateTest?
    let arguments: CallSyntax
}

enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "** or pow()"
}

enum ComparisonOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case notContained = "not in"
}
