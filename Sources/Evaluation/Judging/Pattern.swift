import Foundation

/// A regular expression over folded text: lower case, plain apostrophes.
struct Pattern: Sendable {
    private let expression: NSRegularExpression

    /// - Parameter pattern: One of ours; that it compiles is tested.
    init(_ pattern: String, _ options: NSRegularExpression.Options = [.caseInsensitive]) {
        do { expression = try NSRegularExpression(pattern: pattern, options: options) } catch {
            preconditionFailure("a built-in pattern does not compile: \(pattern)")
        }
    }

    /// The first match, if there is one.
    func firstMatch(in text: String) -> String? {
        let range = NSRange(text.startIndex..., in: text)
        guard let match = expression.firstMatch(in: text, range: range), let found = Range(match.range, in: text) else {
            return nil
        }
        return String(text[found])
    }

    /// Whether it occurs.
    func matches(_ text: String) -> Bool { firstMatch(in: text) != nil }

    /// The groups of all matches; nil for a group that took no part.
    func groups(in text: String) -> [[String?]] {
        expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
            (0..<match.numberOfRanges).map { Range(match.range(at: $0), in: text).map { String(text[$0]) } }
        }
    }

    /// The text with every match replaced.
    func replacing(in text: String, with template: String) -> String {
        expression.stringByReplacingMatches(
            in: text, range: NSRange(text.startIndex..., in: text), withTemplate: template)
    }

    /// Plain apostrophes and quotes, spaces in place of line breaks: what the patterns of speech expect.
    static func plain(_ text: String) -> String {
        text.replacing("\u{2019}", with: "'").replacing("\u{2018}", with: "'").replacing("\u{201C}", with: "\"")
            .replacing("\u{201D}", with: "\"").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
