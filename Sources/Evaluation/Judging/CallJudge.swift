import Companion
import Foundation
import JSON

/// Compares calls with those that were due.
package enum CallJudge {
    /// Why the calls are not right; nil: they are.
    package static func failure(_ calls: [TurnRecord.CallRecord], _ expectation: ReplyExpectation) -> String? {
        guard let expected = expectation.calls else { return nil }
        let made = calls.map(\.call.name)
        if expected.isEmpty {
            let extra = made.first { !expectation.mayCall.contains($0) }
            return extra.map { "calls \($0), where nothing is to be called" }
        }
        for wanted in expected {
            if let failure = failure(calls, wanted) { return failure }
        }
        let allowed = Set(expected.flatMap(\.names) + expectation.mayCall)
        if let extra = made.first(where: { !allowed.contains($0) }) { return "calls \(extra) as well" }
        return calls.first { $0.problem != nil }.map { "\($0.call.name): \($0.problem ?? "")" }
    }

    private static func failure(_ calls: [TurnRecord.CallRecord], _ wanted: ExpectedCall) -> String? {
        let candidates = calls.filter { wanted.names.contains($0.call.name) }
        guard !candidates.isEmpty else {
            let names = wanted.names.joined(separator: " or ")
            return calls.isEmpty
                ? "does not call \(names)"
                : "calls \(calls.map(\.call.name).joined(separator: ", ")) in place of \(names)"
        }
        var first: String?
        for candidate in candidates {
            guard let failure = candidate.problem ?? argumentFailure(candidate.call, wanted) else { return nil }
            first = first ?? "\(candidate.call.name): \(failure)"
        }
        return first
    }

    /// Why the arguments are not right; nil: they are.
    static func argumentFailure(_ call: ToolCall, _ wanted: ExpectedCall) -> String? {
        guard let object = arguments(call.arguments) else { return "the arguments are no JSON object" }
        for (key, argument) in wanted.arguments.sorted(by: { $0.key < $1.key }) {
            let value = object[key] ?? .null
            switch argument {
            case .absent:
                if !value.isNull, value.string?.trimmingCharacters(in: .whitespaces) != "" {
                    return "\"\(key)\" is \(value.text()), which nobody asked for"
                }
            case .number(let number):
                guard let found = value.double ?? value.string.flatMap({ Double($0) }), found == number else {
                    return "\"\(key)\" is \(value.text()), not \(number.formatted())"
                }
            case .words(let groups):
                let words = Words((value.string ?? value.text()).replacing("_", with: " ").replacing("/", with: " "))
                if let missing = groups.first(where: { !$0.occurs(in: words) }) {
                    return "\"\(key)\" is \(value.text()), without \(missing.text)"
                }
            }
        }
        return nil
    }

    private static func arguments(_ text: String) -> JSONObject? {
        guard let value = try? JSONValue(parsing: text, maximumDepth: 64) else { return nil }
        // Some models write the object into a string.
        return value.object ?? value.string.flatMap { (try? JSONValue(parsing: $0, maximumDepth: 64))?.object }
    }
}
