import Foundation
import JSON

/// A small validator of its own making: recursive over schema and value, with Swift's own regular expressions.
struct ConstraintSchemaValidator {
    let root: JSONValue

    func accepts(_ value: JSONValue) -> Bool { isValid(value, root) }

    private func isValid(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        if case .bool(let any) = schema { return any }
        guard let schema = schema.object else { return false }
        if let reference = schema["$ref"]?.string, !isValid(value, target(reference)) { return false }
        if let parts = schema["allOf"]?.array, !parts.allSatisfy({ isValid(value, $0) }) { return false }
        for key in ["anyOf", "oneOf"] {
            if let parts = schema[key]?.array, !parts.contains(where: { isValid(value, $0) }) { return false }
        }
        if let constant = schema["const"], constant != value { return false }
        if let values = schema["enum"]?.array, !values.contains(value) { return false }
        if let type = schema["type"], !(type.array ?? [type]).contains(where: { hasType(value, $0.string ?? "") }) {
            return false
        }
        switch value {
        case .string(let text): return isValid(text, schema)
        case .integer, .number: return isValid(value.double ?? .nan, schema)
        case .array(let items): return isValid(items, schema)
        case .object(let members): return isValid(members, schema)
        case .null, .bool: return true
        }
    }

    private func target(_ reference: String) -> JSONValue {
        reference.split(separator: "/").dropFirst().reduce(root) { value, name in
            let name = String(name).replacing("~1", with: "/").replacing("~0", with: "~")
            return value[name] ?? Int(name).flatMap { value[$0] } ?? false
        }
    }

    private func hasType(_ value: JSONValue, _ name: String) -> Bool {
        switch (name, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object): true
        case ("number", .integer), ("number", .number), ("integer", .integer): true
        case ("integer", .number(let number)): number.rounded() == number
        default: false
        }
    }

    private func isValid(_ text: String, _ schema: JSONObject) -> Bool {
        let length = text.unicodeScalars.count
        if let limit = schema["minLength"]?.integer, length < limit { return false }
        if let limit = schema["maxLength"]?.integer, length > limit { return false }
        if let pattern = schema["pattern"]?.string {
            guard let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return false }
            if text.firstMatch(of: regex) == nil { return false }
        }
        return schema["format"]?.string.map { hasFormat(text, $0) } ?? true
    }

    private func hasFormat(_ text: String, _ format: String) -> Bool {
        switch format {
        case "date": isDate(text)
        case "date-time":
            isDate(String(text.prefix(10))) && text.dropFirst(10).first == "T" && isTime(String(text.dropFirst(11)))
        case "time": isTime(text)
        case "uuid": UUID(uuidString: text) != nil
        case "ipv4":
            text.split(separator: ".", omittingEmptySubsequences: false).count == 4
                && text.split(separator: ".").allSatisfy { UInt8($0) != nil && ($0 == "0" || $0.first != "0") }
        case "email": text.split(separator: "@").count == 2 && text.split(separator: "@")[1].contains(".")
        default: true
        }
    }

    private func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, text.utf8.count == 10 else { return false }
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(parts[1]) && (1...days[parts[1] - 1]).contains(parts[2])
    }

    private func isTime(_ text: String) -> Bool {
        let parts = text.prefix(8).split(separator: ":").compactMap { Int($0) }
        guard parts.count == 3, let zone = text.last(where: { "Z+-".contains($0) }) else { return false }
        return parts[0] < 24 && parts[1] < 60 && parts[2] < 60 && (zone == "Z" ? text.last == "Z" : text.count >= 14)
    }

    private func isValid(_ number: Double, _ schema: JSONObject) -> Bool {
        if let limit = schema["minimum"]?.double, number < limit { return false }
        if let limit = schema["maximum"]?.double, number > limit { return false }
        if let limit = schema["exclusiveMinimum"]?.double, number <= limit { return false }
        if let limit = schema["exclusiveMaximum"]?.double, number >= limit { return false }
        return true
    }

    private func isValid(_ items: [JSONValue], _ schema: JSONObject) -> Bool {
        if let limit = schema["minItems"]?.integer, items.count < limit { return false }
        if let limit = schema["maxItems"]?.integer, items.count > limit { return false }
        let prefix = schema["prefixItems"]?.array ?? []
        for (item, schema) in zip(items, prefix) where !isValid(item, schema) { return false }
        guard let rest = schema["items"] else { return true }
        return items.dropFirst(prefix.count).allSatisfy { isValid($0, rest) }
    }

    private func isValid(_ members: JSONObject, _ schema: JSONObject) -> Bool {
        for name in schema["required"]?.array ?? [] where members[name.string ?? ""] == nil { return false }
        if let limit = schema["minProperties"]?.integer, members.count < limit { return false }
        if let limit = schema["maxProperties"]?.integer, members.count > limit { return false }
        for (name, value) in members {
            if let names = schema["propertyNames"], !isValid(.string(name), names) { return false }
            if let property = schema["properties"]?[name] {
                if !isValid(value, property) { return false }
                continue
            }
            var matched = false
            for (pattern, property) in schema["patternProperties"]?.object ?? JSONObject() {
                guard let regex = try? Regex(pattern), name.firstMatch(of: regex) != nil else { continue }
                matched = true
                if !isValid(value, property) { return false }
            }
            if !matched, let other = schema["additionalProperties"], !isValid(value, other) { return false }
        }
        return true
    }
}
