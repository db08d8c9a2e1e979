/// A missing value: it prints as nothing and is false, but using it is an error that says what was missing.
final class UndefinedValue: Sendable {
    private enum Origin {
        case name(String)
        case attribute(of: String, name: String)
        case element(of: String, key: String)
        case hint(String)
    }

    private let origin: Origin
    private let isUnsafe: Bool

    private init(_ origin: Origin, isUnsafe: Bool = false) {
        self.origin = origin
        self.isUnsafe = isUnsafe
    }

    /// The error of using it, in Jinja's words.
    var error: ChatTemplateError {
        let message =
            switch origin {
            case .name(let name): "\(PythonString.quoted(name)) is undefined"
            case .attribute(let type, let name):
                "\(PythonString.quoted(type)) has no attribute \(PythonString.quoted(name))"
            case .element(let type, let key): "\(type) has no element \(key)"
            case .hint(let hint): hint
            }
        return ChatTemplateError(isUnsafe ? .security : .undefined, message)
    }

    static func name(_ name: String) -> TemplateValue { .undefined(UndefinedValue(.name(name))) }

    static func attribute(_ name: String, of value: TemplateValue) -> TemplateValue {
        .undefined(UndefinedValue(.attribute(of: value.typeDescription, name: name)))
    }

    static func element(_ key: String, of value: TemplateValue) -> TemplateValue {
        .undefined(UndefinedValue(.element(of: value.typeDescription, key: key)))
    }

    static func hint(_ hint: String) -> TemplateValue { .undefined(UndefinedValue(.hint(hint))) }

    /// An attribute that the sandbox hides.
    static func unsafe(_ name: String, of value: TemplateValue) -> TemplateValue {
        let message =
            "access to attribute \(PythonString.quoted(name)) of \(PythonString.quoted(value.typeName)) object is unsafe."
        return .undefined(UndefinedValue(.hint(message), isUnsafe: true))
    }
}

extension TemplateValue {
    /// Python's `type(value).__name__`.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .markup: "Markup"
        case .list: "list"
        case .tuple: "tuple"
        case .mapping: "dict"
        case .view(let view): view.part.rawValue
        case .range: "range"
        case .iterator(let iterator): iterator.typeName
        case .namespace: "Namespace"
        case .loop: "LoopContext"
        case .function(.dict): "type"
        case .function(.namespace): "type"
        case .function: "function"
        case .method: "builtin_function_or_method"
        case .macro: "Macro"
        }
    }

    /// How Jinja's messages about missing attributes name a value.
    fileprivate var typeDescription: String {
        switch self {
        case .none: "None"
        case .markup: "markupsafe.Markup object"
        case .namespace: "jinja2.utils.Namespace object"
        case .loop: "jinja2.runtime.LoopContext object"
        case .macro: "jinja2.runtime.Macro object"
        default: "\(typeName) object"
        }
    }
}
