/// Runs one template once.
///
/// Extensions hold the statements, expressions, operators, attributes, functions, filters and tests.
final class Renderer {
    let limits: RenderLimits
    /// The line being executed, for errors.
    var line = 1
    /// What the caller passed, by symbol; a template's own assignments are in scopes.
    private let context: [TemplateValue?]
    /// The current time for `strftime_now`.
    let clock: TemplateClock
    private var steps = 0
    private var depth = 0
    /// Values that can hold themselves, to be emptied at the end.
    private var namespaces: [TemplateNamespace] = []
    private var macros: [TemplateMacro] = []

    init(symbols: SymbolTable, variables: [String: TemplateValue], limits: RenderLimits, clock: TemplateClock) {
        self.limits = limits
        self.clock = clock
        context = symbols.names.map { name in
            variables[name] ?? TemplateFunction(rawValue: name).map { .function($0) }
        }
    }

    func render(_ body: [Statement]) throws(ChatTemplateError) -> String {
        defer { releaseCycles() }
        var output = ""
        do throws(ChatTemplateError) {
            _ = try execute(body, in: TemplateScope(parent: nil), into: &output)
        } catch {
            var located = error
            if located.line == nil { located.line = line }
            throw located
        }
        return output
    }

    func lookUp(_ symbol: Symbol, in scope: TemplateScope) -> TemplateValue {
        scope.value(of: symbol) ?? context[symbol.id] ?? UndefinedValue.name(symbol.text)
    }

    // MARK: Limits

    func charge(_ count: Int = 1) throws(ChatTemplateError) {
        steps += count
        guard steps <= limits.steps else {
            throw .limit("the template took more than \(limits.steps) steps; does it loop without end?")
        }
    }

    /// Accounts for a text of that many bytes before or after it is made.
    func charge(bytes: Int) throws(ChatTemplateError) {
        guard bytes <= limits.textBytes else {
            throw .limit("the template makes a text of more than \(limits.textBytes >> 20) MiB")
        }
        try charge(bytes >> 4)
    }

    func enter() throws(ChatTemplateError) {
        try charge()
        depth += 1
        guard depth <= limits.depth else {
            throw .limit("the template nests deeper than \(limits.depth) levels; does a macro call itself without end?")
        }
    }

    func leave() { depth -= 1 }

    func append(_ text: String, to output: inout String) throws(ChatTemplateError) {
        output += text
        guard output.utf8.count <= limits.textBytes else {
            throw .limit("the template makes a text of more than \(limits.textBytes >> 20) MiB")
        }
        try charge(text.utf8.count >> 4)
    }

    // MARK: Reference cycles

    func makeNamespace() -> TemplateNamespace {
        let namespace = TemplateNamespace()
        namespaces.append(namespace)
        return namespace
    }

    func makeMacro(_ syntax: MacroSyntax, scope: TemplateScope) -> TemplateMacro {
        let macro = TemplateMacro(syntax, scope: scope)
        macros.append(macro)
        return macro
    }

    /// Empties what may refer to itself. One by one, while all are still held, so that a long chain of them is not
    /// released by recursion.
    private func releaseCycles() {
        for namespace in namespaces { namespace.clear() }
        for macro in macros { macro.clear() }
        namespaces = []
        macros = []
    }
}
