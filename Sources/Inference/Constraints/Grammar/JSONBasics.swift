/// The rules every JSON constraint is made of, always first in the grammar and so at the same nodes.
///
/// What is generated is a part of JSON chosen for being easy on readers: white space is at most one blank, or a line break
/// with at most ``maximumIndentation`` blanks; numbers have a bounded number of digits; strings are valid UTF-8 without lone
/// surrogates.
package struct JSONBasics: Sendable {
    /// Blanks after a line break.
    static let maximumIndentation = 32
    /// Digits before and after the point, and in the exponent: values stay exact in 64 bits, and finite.
    static let integerDigits = 18, fractionDigits = 17, exponentDigits = 2

    /// Start nodes of the rules.
    private(set) var whitespace: Grammar.NodeIndex = 0, character: Grammar.NodeIndex = 0, string: Grammar.NodeIndex = 0
    private(set) var integer: Grammar.NodeIndex = 0, number: Grammar.NodeIndex = 0
    private(set) var object: Grammar.NodeIndex = 0, array: Grammar.NodeIndex = 0, value: Grammar.NodeIndex = 0
    /// The node inside a string of the rule `string`, between two characters.
    private(set) var stringBody: Grammar.NodeIndex = 0

    package init(into grammar: inout Grammar) throws(ConstraintError) {
        whitespace = try Self.addWhitespace(to: &grammar)
        character = try Self.addCharacter(to: &grammar)
        try addString(to: &grammar)
        integer = try Self.addInteger(to: &grammar)
        number = try addNumber(to: &grammar)
        value = try grammar.addNode()
        object = try addObject(to: &grammar)
        array = try addArray(to: &grammar)
        let end = try grammar.addNode(isFinal: true)
        for rule in [string, number, object, array] { grammar.addCall(from: value, rule: rule, to: end) }
        for literal in ["true", "false", "null"] {
            grammar.addEpsilon(from: try grammar.addLiteral(from: value, literal.utf8), to: end)
        }
    }

    private static func addWhitespace(to grammar: inout Grammar) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode(isFinal: true)
        let end = try grammar.addNode(isFinal: true)
        grammar.addEdge(from: start, 0x20...0x20, to: end)
        var line = try grammar.addNode(isFinal: true)
        grammar.addEdge(from: start, 0x0A...0x0A, to: line)
        for _ in 0..<maximumIndentation {
            let next = try grammar.addNode(isFinal: true)
            grammar.addEdge(from: line, 0x20...0x20, to: next)
            line = next
        }
        return start
    }

    /// One character of a string, escaped or not.
    private static func addCharacter(to grammar: inout Grammar) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        try addCharacterEdges(from: start, to: end, in: &grammar)
        return start
    }

    private static func addCharacterEdges(
        from start: Grammar.NodeIndex, to end: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) {
        var plain = CodePointSet(0x20...0x10FFFF)
        plain.subtract(CodePointSet(0x22...0x22))
        plain.subtract(CodePointSet(0x5C...0x5C))
        var encoder = UTF8Encoder()
        try encoder.addEdges(from: start, plain, to: end, in: &grammar)
        let escape = try grammar.addNode()
        grammar.addEdge(from: start, 0x5C...0x5C, to: escape)
        for byte in "\"\\/bfnrt".utf8 { grammar.addEdge(from: escape, byte...byte, to: end) }
        try addUnicodeEscapes(from: try grammar.addLiteral(from: escape, "u".utf8), to: end, in: &grammar)
    }

    /// Four hexadecimal digits; a high surrogate needs a low one after it, and a low one never comes first.
    private static func addUnicodeEscapes(
        from start: Grammar.NodeIndex, to end: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) {
        let three = try grammar.addNode()
        let two = try grammar.addNode()
        let one = try grammar.addNode()
        addHex(from: start, "0123456789abcefABCEF", to: three, in: &grammar)
        addHex(from: three, hexDigits, to: two, in: &grammar)
        addHex(from: two, hexDigits, to: one, in: &grammar)
        addHex(from: one, hexDigits, to: end, in: &grammar)
        let afterD = try grammar.addNode()
        addHex(from: start, "dD", to: afterD, in: &grammar)
        addHex(from: afterD, "01234567", to: two, in: &grammar)
        // D800...DBFF, then \uDC00...\uDFFF.
        var node = try grammar.addNode()
        addHex(from: afterD, "89abAB", to: node, in: &grammar)
        for digits in [hexDigits, hexDigits, "\\", "u", "dD", "cdefCDEF"] {
            let next = try grammar.addNode()
            addHex(from: node, digits, to: next, in: &grammar)
            node = next
        }
        grammar.addEpsilon(from: node, to: two)
    }

    private static let hexDigits = "0123456789abcdefABCDEF"

    private static func addHex(
        from node: Grammar.NodeIndex, _ digits: String, to target: Grammar.NodeIndex, in grammar: inout Grammar
    ) {
        for byte in digits.utf8 { grammar.addEdge(from: node, byte...byte, to: target) }
    }

    private mutating func addString(to grammar: inout Grammar) throws(ConstraintError) {
        string = try grammar.addNode()
        stringBody = try grammar.addNode()
        grammar.addEdge(from: string, 0x22...0x22, to: stringBody)
        try Self.addCharacterEdges(from: stringBody, to: stringBody, in: &grammar)
        grammar.addEdge(from: stringBody, 0x22...0x22, to: try grammar.addNode(isFinal: true))
    }

    private static func addInteger(to grammar: inout Grammar) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        let unsigned = try grammar.addNode()
        grammar.addEpsilon(from: start, to: unsigned)
        grammar.addEdge(from: start, 0x2D...0x2D, to: unsigned)
        grammar.addEdge(from: unsigned, 0x30...0x30, to: end)
        let digits = try grammar.addNode()
        grammar.addEdge(from: unsigned, 0x31...0x39, to: digits)
        try addOptionalDigits(from: digits, integerDigits - 1, to: end, in: &grammar)
        return start
    }

    /// Up to `count` digits, after any of which `end` follows.
    static func addOptionalDigits(
        from node: Grammar.NodeIndex, _ count: Int, to end: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) {
        var node = node
        grammar.addEpsilon(from: node, to: end)
        for _ in 0..<count {
            let next = try grammar.addNode()
            grammar.addEdge(from: node, 0x30...0x39, to: next)
            grammar.addEpsilon(from: next, to: end)
            node = next
        }
    }

    private func addNumber(to grammar: inout Grammar) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let whole = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        grammar.addCall(from: start, rule: integer, to: whole)
        let exponent = try grammar.addNode()
        grammar.addEpsilon(from: whole, to: exponent)
        grammar.addEpsilon(from: whole, to: end)
        let point = try grammar.addLiteral(from: whole, ".".utf8)
        let fraction = try grammar.addNode()
        grammar.addEdge(from: point, 0x30...0x39, to: fraction)
        let fractionEnd = try grammar.addNode()
        try Self.addOptionalDigits(from: fraction, Self.fractionDigits - 1, to: fractionEnd, in: &grammar)
        grammar.addEpsilon(from: fractionEnd, to: exponent)
        grammar.addEpsilon(from: fractionEnd, to: end)
        let sign = try grammar.addNode()
        let digits = try grammar.addNode()
        for byte in "eE".utf8 { grammar.addEdge(from: exponent, byte...byte, to: sign) }
        for byte in "+-".utf8 { grammar.addEdge(from: sign, byte...byte, to: digits) }
        grammar.addEpsilon(from: sign, to: digits)
        let first = try grammar.addNode()
        grammar.addEdge(from: digits, 0x30...0x39, to: first)
        try Self.addOptionalDigits(from: first, Self.exponentDigits - 1, to: end, in: &grammar)
        return start
    }

    private func addObject(to grammar: inout Grammar) throws(ConstraintError) -> Grammar.NodeIndex {
        let member = try grammar.addNode()
        let memberEnd = try grammar.addNode(isFinal: true)
        let key = try grammar.addNode()
        grammar.addCall(from: member, rule: string, to: key)
        grammar.addCall(from: try addColon(from: key, in: &grammar), rule: value, to: memberEnd)
        return try addList("{", "}", of: member, 0, nil, to: &grammar)
    }

    private func addArray(to grammar: inout Grammar) throws(ConstraintError) -> Grammar.NodeIndex {
        try addList("[", "]", of: value, 0, nil, to: &grammar)
    }

    /// A rule: brackets around items with commas between them.
    func addList(
        _ open: String, _ close: String, of item: Grammar.NodeIndex, _ minimum: Int, _ maximum: Int?,
        to grammar: inout Grammar
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let opened = try grammar.addLiteral(from: start, open.utf8)
        let end = try grammar.addNode(isFinal: true)
        if minimum == 0 { grammar.addEpsilon(from: try grammar.addLiteral(from: opened, close.utf8), to: end) }
        guard maximum != 0 else { return start }
        let first = try grammar.addNode()
        let afterFirst = try grammar.addNode()
        grammar.addCall(from: opened, rule: whitespace, to: first)
        grammar.addCall(from: first, rule: item, to: afterFirst)
        let further = try addSeparated(item, to: &grammar)
        let afterAll = try grammar.addLoop(from: afterFirst, rule: further, max(minimum - 1, 0), maximum.map { $0 - 1 })
        try addClosing(close, from: afterAll, to: end, in: &grammar)
        return start
    }

    /// A rule: a comma, then an item.
    func addSeparated(_ item: Grammar.NodeIndex, to grammar: inout Grammar) throws(ConstraintError) -> Grammar.NodeIndex
    {
        let start = try grammar.addNode()
        let next = try addComma(from: start, in: &grammar)
        grammar.addCall(from: next, rule: item, to: try grammar.addNode(isFinal: true))
        return start
    }

    /// A comma and white space.
    func addComma(
        from node: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        let next = try grammar.addNode()
        grammar.addCall(from: try grammar.addLiteral(from: node, ",".utf8), rule: whitespace, to: next)
        return next
    }

    /// A colon and at most one blank.
    func addColon(
        from node: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        let colon = try grammar.addLiteral(from: node, ":".utf8)
        let next = try grammar.addNode()
        grammar.addEpsilon(from: colon, to: next)
        grammar.addEdge(from: colon, 0x20...0x20, to: next)
        return next
    }

    /// White space and a closing bracket.
    func addClosing(
        _ close: String, from node: Grammar.NodeIndex, to end: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) {
        let next = try grammar.addNode()
        grammar.addCall(from: node, rule: whitespace, to: next)
        grammar.addEpsilon(from: try grammar.addLiteral(from: next, close.utf8), to: end)
    }
}
