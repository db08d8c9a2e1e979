/// A piece of the template that is executed.
struct Statement: Sendable {
    indirect enum Kind: Sendable {
        case text(String)
        case output(Expression)
        case conditional([(test: Expression, body: [Statement])], otherwise: [Statement])
        case loop(LoopSyntax)
        case assign(AssignmentTarget, Expression)
        case assignBlock(AssignmentTarget, filters: [FilterSyntax], body: [Statement])
        case macro(MacroSyntax)
        case callBlock(call: Expression, callee: Expression, arguments: CallSyntax, caller: MacroSyntax)
        case filterBlock([FilterSyntax], body: [Statement])
        case with([(target: AssignmentTarget, value: Expression)], body: [Statement])
        case scope([Statement])
        case breakLoop
        case continueLoop
    }

    let kind: Kind
    let line: Int
}

/// `{% for target in values if condition %} … {% else %} … {% endfor %}`
struct LoopSyntax: Sendable {
    let target: AssignmentTarget
    let values: Expression
    let condition: Expression?
    let body: [Statement]
    let otherwise: [Statement]
    let loopSymbol: Symbol
}

/// What a value is assigned to.
indirect enum AssignmentTarget: Sendable {
    case name(Symbol)
    case namespace(Symbol, attribute: String)
    case tuple([AssignmentTarget])
}

/// A macro's definition, or the body of a call block.
struct MacroSyntax: Sendable {
    let symbol: Symbol
    let parameters: [(symbol: Symbol, fallback: Expression?)]
    let body: [Statement]
    /// The symbols under which the body asks for what its parameters do not name.
    let caller: Symbol?
    let spread: Symbol?
    let namedSpread: Symbol?
}
