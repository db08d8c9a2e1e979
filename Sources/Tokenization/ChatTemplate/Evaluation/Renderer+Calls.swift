/// The values a function, filter, test or macro was called with.
struct CallArguments {
    var positional: [TemplateValue] = []
    var named: [(name: String, value: TemplateValue)] = []

    var isEmpty: Bool { positional.isEmpty && named.isEmpty }

    /// The values by parameter; nil where none was given.
    ///
    /// - Throws: `.evaluation` for too many, unknown, repeated or missing arguments.
    func bound(
        to parameters: [String], required: Int = 0, of function: String
    ) throws(ChatTemplateError) -> [TemplateValue?] {
        guard positional.count <= parameters.count else {
            throw .evaluation(
                "\(function)() takes at most \(parameters.count) arguments (\(positional.count) given)")
        }
        var values: [TemplateValue?] = positional
        values += Array(repeating: nil, count: parameters.count - positional.count)
        for (name, value) in named {
            guard let index = parameters.firstIndex(of: name) else {
                throw .evaluation("\(function)() got an unexpected keyword argument '\(name)'")
            }
            guard values[index] == nil else {
                throw .evaluation("\(function)() got multiple values for argument '\(name)'")
            }
            values[index] = value
        }
        for (parameter, value) in zip(parameters, values).prefix(required) where value == nil {
            throw .evaluation("\(function)() missing required argument: '\(parameter)'")
        }
        return values
    }
}

extension Renderer {
    func evaluateCall(
        _ callee: Expression, _ syntax: CallSyntax, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        let function = try evaluate(callee, in: scope)
        return try call(function, evaluate(syntax, in: scope))
    }

    func evaluate(_ syntax: CallSyntax, in scope: TemplateScope) throws(ChatTemplateError) -> CallArguments {
        var arguments = CallArguments(positional: try evaluate(syntax.positional, in: scope))
        for (name, value) in syntax.named { arguments.named.append((name, try evaluate(value, in: scope))) }
        if let spread = syntax.spread { arguments.positional += try elements(of: evaluate(spread, in: scope)) }
        if let spread = syntax.namedSpread {
            let value = try evaluate(spread, in: scope)
            guard case .mapping(let mapping) = value else {
                throw .evaluation("argument after ** must be a mapping, not \(value.typeName)")
            }
            for (key, value) in zip(mapping.keys, mapping.values) {
                guard let name = key.text else { throw .evaluation("keywords must be strings") }
                arguments.named.append((name, value))
            }
        }
        return arguments
    }

    func call(_ function: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        switch function {
        case .function(let function): return try call(function, arguments)
        case .method(let method): return try call(method, arguments)
        case .macro(let macro): return try call(macro, arguments)
        case .undefined(let undefined): throw undefined.error
        case .loop:
            throw .evaluation("The loop must have the 'recursive' marker to be called recursively.")
        default: throw .evaluation("'\(function.typeName)' object is not callable")
        }
    }

    // MARK: Macros

    private func call(_ macro: TemplateMacro, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        try enter()
        defer { leave() }
        let syntax = macro.syntax
        let scope = TemplateScope(parent: macro.scope)
        var named = arguments.named
        var missing: [(symbol: Symbol, fallback: Expression?)] = []
        for (index, parameter) in syntax.parameters.enumerated() {
            if index < arguments.positional.count {
                scope.set(parameter.symbol, arguments.positional[index])
            } else if let given = named.firstIndex(where: { $0.name == parameter.symbol.text }) {
                scope.set(parameter.symbol, named.remove(at: given).value)
            } else {
                missing.append(parameter)
            }
        }
        try bindExtras(of: syntax, arguments, named: &named, in: scope)
        for (symbol, fallback) in missing {
            if let fallback {
                scope.set(symbol, try evaluate(fallback, in: scope))
            } else {
                scope.set(symbol, UndefinedValue.hint("parameter \(PythonString.quoted(symbol.text)) was not provided"))
            }
        }
        let callLine = line
        var output = ""
        _ = try execute(syntax.body, in: scope, into: &output)
        line = callLine
        return .string(output)
    }

    private func bindExtras(
        of syntax: MacroSyntax, _ arguments: CallArguments, named: inout [(name: String, value: TemplateValue)],
        in scope: TemplateScope
    ) throws(ChatTemplateError) {
        let name = PythonString.quoted(syntax.symbol.text)
        if let caller = syntax.caller {
            if let given = named.firstIndex(where: { $0.name == "caller" }) {
                scope.set(caller, named.remove(at: given).value)
            } else {
                scope.set(caller, UndefinedValue.hint("No caller defined"))
            }
        }
        if let symbol = syntax.namedSpread {
            var mapping = TemplateMapping()
            for (name, value) in named { try mapping.set(name, value) }
            scope.set(symbol, .mapping(mapping))
        } else if let unknown = named.first {
            throw .evaluation("macro \(name) takes no keyword argument \(PythonString.quoted(unknown.name))")
        }
        let extra = Array(arguments.positional.dropFirst(syntax.parameters.count))
        if let symbol = syntax.spread {
            scope.set(symbol, try .tuple(extra))
        } else if !extra.isEmpty {
            throw .evaluation("macro \(name) takes not more than \(syntax.parameters.count) argument(s)")
        }
    }

    func executeCallBlock(
        _ callee: Expression, _ syntax: CallSyntax, caller: MacroSyntax, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        let function = try evaluate(callee, in: scope)
        var arguments = try evaluate(syntax, in: scope)
        arguments.named.append(("caller", .macro(makeMacro(caller, scope: scope))))
        return try call(function, arguments)
    }
}
