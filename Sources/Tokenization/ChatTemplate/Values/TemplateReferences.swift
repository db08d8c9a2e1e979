/// What `namespace()` makes: the one value a template can change from inside a loop.
final class TemplateNamespace {
    private(set) var attributes = TemplateMapping()

    subscript(name: String) -> TemplateValue? { attributes[name] }

    func set(_ name: String, _ value: TemplateValue) throws(ChatTemplateError) { try attributes.set(name, value) }

    /// Lets go of everything, so that a namespace that holds itself is freed.
    func clear() { attributes = TemplateMapping() }
}

/// What `map`, `select` and the like return: values that can be walked once.
final class TemplateIterator {
    /// Python's name of the iterator's type.
    let typeName: String
    let depth: Int
    private var remaining: ArraySlice<TemplateValue>

    init(_ items: [TemplateValue], typeName: String = "generator") throws(ChatTemplateError) {
        depth = try TemplateValue.depth(over: items)
        remaining = items[...]
        self.typeName = typeName
    }

    func next() -> TemplateValue? { remaining.popFirst() }

    /// Takes everything that is left.
    func drain() -> [TemplateValue] {
        defer { remaining = [] }
        return Array(remaining)
    }
}

/// The `loop` variable.
final class TemplateLoop {
    let items: [TemplateValue]
    let depth: Int
    var index = 0
    var lastChanged: [TemplateValue]?

    init(_ items: [TemplateValue]) throws(ChatTemplateError) {
        self.items = items
        depth = try TemplateValue.depth(over: items)
    }
}

/// A macro with the scope in which it was defined.
final class TemplateMacro {
    let syntax: MacroSyntax
    /// Nil once the rendering has ended.
    private(set) var scope: TemplateScope?

    init(_ syntax: MacroSyntax, scope: TemplateScope) {
        self.syntax = syntax
        self.scope = scope
    }

    /// Lets go of the scope, which holds the macro in turn.
    func clear() { scope = nil }
}

/// The variables of a block, over those around it.
final class TemplateScope {
    let parent: TemplateScope?
    private var variables: [(id: Int, value: TemplateValue)] = []

    init(parent: TemplateScope?) { self.parent = parent }

    func value(of symbol: Symbol) -> TemplateValue? {
        var scope: TemplateScope? = self
        while let here = scope {
            for variable in here.variables where variable.id == symbol.id { return variable.value }
            scope = here.parent
        }
        return nil
    }

    func set(_ symbol: Symbol, _ value: TemplateValue) {
        if let index = variables.firstIndex(where: { $0.id == symbol.id }) {
            variables[index].value = value
        } else {
            variables.append((symbol.id, value))
        }
    }
}
