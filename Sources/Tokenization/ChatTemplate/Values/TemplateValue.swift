import JSON

/// A value while a template runs, as Python would have it.
enum TemplateValue {
    case undefined(UndefinedValue)
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    /// Text that `safe` or `escape` returned: adding other text to it escapes that text.
    case markup(String)
    case list(TemplateSequence)
    case tuple(TemplateSequence)
    case mapping(TemplateMapping)
    case view(TemplateMappingView)
    case range(TemplateRange)
    case iterator(TemplateIterator)
    case namespace(TemplateNamespace)
    case loop(TemplateLoop)
    case function(TemplateFunction)
    case method(BoundMethod)
    case macro(TemplateMacro)
}

/// The elements of a list or tuple. Templates cannot change them, so they are a value.
struct TemplateSequence {
    let items: [TemplateValue]
    /// Containers below this one, itself included.
    let depth: Int

    /// - Throws: `.limit` when the containers nest too deeply.
    init(_ items: [TemplateValue]) throws(ChatTemplateError) {
        self.items = items
        depth = try TemplateValue.depth(over: items)
    }
}

/// `dict.items()`, `.keys()` and `.values()`, which have a length and can be walked, but not indexed.
struct TemplateMappingView {
    enum Part: String { case items = "dict_items", keys = "dict_keys", values = "dict_values" }
    let part: Part
    let elements: TemplateSequence
}

/// Python's `range`.
struct TemplateRange {
    let start, stop, step, count: Int

    init(start: Int, stop: Int, step: Int, count: Int) {
        self.start = start
        self.stop = stop
        self.step = step
        self.count = count
    }

    /// Nil when the step is 0 or the count does not fit an integer.
    init?(start: Int, stop: Int, step: Int) {
        guard step != 0 else { return nil }
        let (distance, overflow) =
            step > 0
            ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        guard !overflow, step != .min else { return nil }
        self.start = start
        self.stop = stop
        self.step = step
        count = distance <= 0 ? 0 : (distance - 1) / abs(step) + 1
    }

    /// Wraps around behind the end of an extreme range, where no element is.
    func element(_ index: Int) -> Int { start &+ index &* step }
    var elements: [TemplateValue] { (0..<count).map { .integer(element($0)) } }
}

/// A built-in function of the environment.
enum TemplateFunction: String, CaseIterable {
    case range
    case dict
    case namespace
    case raiseException = "raise_exception"
    case strftimeNow = "strftime_now"
}

/// A method that was read from a value and can be called.
final class BoundMethod {
    let receiver: TemplateValue
    let name: String

    init(_ receiver: TemplateValue, _ name: String) {
        self.receiver = receiver
        self.name = name
    }
}

extension TemplateValue {
    /// As deep as JSON from outside may nest, and then some.
    static let maximumDepth = 300

    static func depth(over items: [TemplateValue]) throws(ChatTemplateError) -> Int {
        var deepest = 0
        for item in items { deepest = max(deepest, item.depth) }
        guard deepest < maximumDepth else { throw .limit("values nest deeper than \(maximumDepth) levels") }
        return deepest + 1
    }

    private var depth: Int {
        switch self {
        case .list(let sequence), .tuple(let sequence): sequence.depth
        case .mapping(let mapping): mapping.depth
        case .view(let view): view.elements.depth
        case .iterator(let iterator): iterator.depth
        case .loop(let loop): loop.depth
        case .method(let method): method.receiver.depth + 1
        default: 0
        }
    }

    static func list(_ items: [TemplateValue]) throws(ChatTemplateError) -> TemplateValue {
        .list(try TemplateSequence(items))
    }

    static func tuple(_ items: [TemplateValue]) throws(ChatTemplateError) -> TemplateValue {
        .tuple(try TemplateSequence(items))
    }

    /// A value that cannot be changed, from outside.
    init(_ json: JSONValue) throws(ChatTemplateError) { try self.init(json, level: 0) }

    private init(_ json: JSONValue, level: Int) throws(ChatTemplateError) {
        guard level < Self.maximumDepth else { throw .limit("values nest deeper than \(Self.maximumDepth) levels") }
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .array(let elements):
            var items: [TemplateValue] = []
            items.reserveCapacity(elements.count)
            for element in elements { items.append(try TemplateValue(element, level: level + 1)) }
            self = try .list(items)
        case .object(let object):
            var mapping = TemplateMapping()
            for (key, value) in object { try mapping.set(key, TemplateValue(value, level: level + 1)) }
            self = .mapping(mapping)
        }
    }

    /// The text of a string, plain or marked safe.
    var text: String? {
        switch self {
        case .string(let text), .markup(let text): text
        default: nil
        }
    }

    /// The integer of an int or bool.
    var index: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    var isUndefined: Bool {
        if case .undefined = self { return true }
        return false
    }

    var isNone: Bool {
        if case .none = self { return true }
        return false
    }
}
