extension Renderer {
    func negate(_ value: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        if case .number(let number) = value { return .number(-number) }
        guard let integer = value.index else { throw badOperand("-", value) }
        guard integer != .min else { throw outOfRange }
        return .integer(-integer)
    }

    func positive(_ value: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        if case .number = value { return value }
        guard let integer = value.index else { throw badOperand("+", value) }
        return .integer(integer)
    }

    private func badOperand(_ sign: String, _ value: TemplateValue) -> ChatTemplateError {
        if case .undefined(let undefined) = value { return undefined.error }
        return .evaluation("bad operand type for unary \(sign): '\(value.typeName)'")
    }

    private var outOfRange: ChatTemplateError { .limit("an integer is out of range") }

    func apply(
        _ operation: BinaryOperator, _ left: TemplateValue, _ right: TemplateValue
    ) throws(ChatTemplateError) -> TemplateValue {
        if operation == .modulo, let format = left.text {
            return .string(try formatPercent(format, right))
        }
        if case .undefined(let undefined) = left { throw undefined.error }
        if case .undefined(let undefined) = right { throw undefined.error }
        if let left = left.index, let right = right.index { return try applyIntegers(operation, left, right) }
        if let left = number(left), let right = number(right) { return try applyNumbers(operation, left, right) }
        switch operation {
        case .add: return try add(left, right)
        case .multiply: return try multiply(left, right)
        default: throw unsupported(operation.rawValue, left, right)
        }
    }

    func unsupported(_ sign: String, _ left: TemplateValue, _ right: TemplateValue) -> ChatTemplateError {
        .evaluation("unsupported operand type(s) for \(sign): '\(left.typeName)' and '\(right.typeName)'")
    }

    func number(_ value: TemplateValue) -> Double? {
        if case .number(let number) = value { return number }
        return value.index.map(Double.init)
    }

    private func applyIntegers(
        _ operation: BinaryOperator, _ left: Int, _ right: Int
    ) throws(ChatTemplateError) -> TemplateValue {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide:
            guard right != 0 else { throw .evaluation("division by zero") }
            return .number(Double(left) / Double(right))
        case .floorDivide:
            guard right != 0 else { throw .evaluation("integer division or modulo by zero") }
            guard let quotient = PythonNumber.floorDivide(left, right) else { throw outOfRange }
            return .integer(quotient)
        case .modulo:
            guard right != 0 else { throw .evaluation("integer modulo by zero") }
            return .integer(PythonNumber.modulo(left, right))
        case .power:
            if right < 0 { return try applyNumbers(operation, Double(left), Double(right)) }
            guard let power = PythonNumber.power(left, right) else { throw outOfRange }
            return .integer(power)
        }
        guard !result.overflow else { throw outOfRange }
        return .integer(result.partialValue)
    }

    private func applyNumbers(
        _ operation: BinaryOperator, _ left: Double, _ right: Double
    ) throws(ChatTemplateError) -> TemplateValue {
        switch operation {
        case .add: return .number(left + right)
        case .subtract: return .number(left - right)
        case .multiply: return .number(left * right)
        case .divide:
            guard right != 0 else { throw .evaluation("float division by zero") }
            return .number(left / right)
        case .floorDivide:
            guard right != 0 else { throw .evaluation("float floor division by zero") }
            return .number(((left - PythonNumber.modulo(left, right)) / right).rounded())
        case .modulo:
            guard right != 0 else { throw .evaluation("float modulo by zero") }
            return .number(PythonNumber.modulo(left, right))
        case .power: return .number(try power(left, right))
        }
    }

    private func power(_ base: Double, _ exponent: Double) throws(ChatTemplateError) -> Double {
        if base == 0, exponent < 0 { throw .evaluation("0.0 cannot be raised to a negative power") }
        if base < 0, exponent != exponent.rounded() { throw .evaluation("complex numbers are not supported") }
        let result = PythonMath.power(base, exponent)
        guard result.isFinite || !base.isFinite || !exponent.isFinite else {
            throw .evaluation("(34, 'Numerical result out of range')")
        }
        return result
    }

    // MARK: Text and sequences

    private func add(_ left: TemplateValue, _ right: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            try charge(bytes: left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.list(let left), .list(let right)): return try .list(join(left, right))
        case (.tuple(let left), .tuple(let right)): return try .tuple(join(left, right))
        default: break
        }
        if let leftText = left.text, let rightText = right.text {
            try charge(bytes: leftText.utf8.count + rightText.utf8.count)
            return .markup(try escaped(left) + escaped(right))
        }
        if left.text != nil {
            throw .evaluation("can only concatenate str (not \"\(right.typeName)\") to str")
        }
        switch left {
        case .list: throw .evaluation("can only concatenate list (not \"\(right.typeName)\") to list")
        case .tuple: throw .evaluation("can only concatenate tuple (not \"\(right.typeName)\") to tuple")
        default: throw unsupported("+", left, right)
        }
    }

    private func join(
        _ left: TemplateSequence, _ right: TemplateSequence
    ) throws(ChatTemplateError) -> [TemplateValue] {
        try charge(left.items.count + right.items.count)
        return left.items + right.items
    }

    private func multiply(_ left: TemplateValue, _ right: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        if let count = right.index, isRepeatable(left) { return try repeated(left, count) }
        if let count = left.index, isRepeatable(right) { return try repeated(right, count) }
        if isRepeatable(left) {
            throw .evaluation("can't multiply sequence by non-int of type '\(right.typeName)'")
        }
        if isRepeatable(right) {
            throw .evaluation("can't multiply sequence by non-int of type '\(left.typeName)'")
        }
        throw unsupported("*", left, right)
    }

    private func isRepeatable(_ value: TemplateValue) -> Bool {
        switch value {
        case .string, .markup, .list, .tuple: true
        default: false
        }
    }

    private func repeated(_ value: TemplateValue, _ count: Int) throws(ChatTemplateError) -> TemplateValue {
        let count = max(0, count)
        switch value {
        case .list(let sequence): return try .list(repeated(sequence.items, count))
        case .tuple(let sequence): return try .tuple(repeated(sequence.items, count))
        default:
            let text = value.text ?? ""
            let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: count)
            try charge(bytes: overflow ? .max : bytes)
            let result = text.isEmpty ? "" : String(repeating: text, count: count)
            if case .markup = value { return .markup(result) }
            return .string(result)
        }
    }

    private func repeated(_ items: [TemplateValue], _ count: Int) throws(ChatTemplateError) -> [TemplateValue] {
        let (total, overflow) = items.count.multipliedReportingOverflow(by: count)
        guard !overflow, total <= limits.steps else { throw .limit("a list of more than \(limits.steps) elements") }
        try charge(total)
        var result: [TemplateValue] = []
        result.reserveCapacity(total)
        if !items.isEmpty { for _ in 0..<count { result += items } }
        return result
    }
}
