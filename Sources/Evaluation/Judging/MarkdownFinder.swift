import Foundation

/// Finds markup that a voice would read out, and nothing that only looks like it: a lone dash, "2 * 3", snake_case.
package enum MarkdownFinder {
    /// What was found, in a word or two; nil: nothing.
    package static func find(in text: String) -> String? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        for (name, pattern) in linePatterns where lines.contains(where: pattern.matches) { return name }
        if let list = list(lines) { return list }
        for (name, pattern) in inlinePatterns where pattern.matches(text) { return name }
        return isInlineList(text) ? "a numbered list within a line" : nil
    }

    private static let linePatterns: [(String, Pattern)] = [
        ("a code fence", Pattern("^(```|~~~)")),
        ("a heading", Pattern("^#{1,6} +\\S")),
        ("a quotation mark of lines", Pattern("^> +\\S")),
        ("a table", Pattern("^\\|.*\\|.*\\|$|^\\|? *:?-{3,}:? *\\|")),
        ("a rule", Pattern("^(-{3,}|\\*{3,}|_{3,}|(\\* ){2,}\\*)$")),
    ]
    private static let inlinePatterns: [(String, Pattern)] = [
        ("a code fence", Pattern("```")),
        ("code", Pattern("`[^`\\n]+`")),
        ("bold", Pattern("\\*\\*[^\\s*](?:[^*\\n]*[^\\s*])?\\*\\*")),
        ("bold", Pattern("(?<![\\w_])__[^\\s_](?:[^_\\n]*[^\\s_])?__(?![\\w_])")),
        ("italics", Pattern("(?<![\\w*\\\\])\\*[^\\s*](?:[^*\\n]*[^\\s*])?\\*(?![\\w*])")),
        ("italics", Pattern("(?<![\\w_])_[^\\s_](?:[^_\\n]*[^\\s_])?_(?![\\w_])")),
        ("strikethrough", Pattern("~~[^\\s~][^~\\n]*~~")),
        ("a link", Pattern("\\[[^\\]\\n]+\\]\\([^)\\s]+\\)")),
        ("an address", Pattern("\\b(https?://|www\\.)\\S")),
        ("HTML", Pattern("</?(b|i|u|em|strong|br|p|ul|ol|li|div|span|h[1-6]|code|pre|table|tr|td|a)( [^>]*)?/?>")),
        ("formula markup", Pattern("\\\\(frac|times|text|boxed|sqrt|cdot|left|begin)\\b|\\\\[(\\[]|\\$\\$")),
    ]
    private static let bullet = Pattern("^[-*+•‣–] +\\S")
    private static let strongBullet = Pattern("^[*•‣] +\\S")
    private static let number = Pattern("^(\\d{1,2}|[a-z])[.)] +\\S")

    /// One dash before a line may be speech; two are a list, and so is one after a colon.
    private static func list(_ lines: [String]) -> String? {
        if lines.contains(where: strongBullet.matches) { return "a bullet" }
        for (name, pattern) in [("bullets", bullet), ("a numbered list", number)] {
            let marked = lines.indices.filter { pattern.matches(lines[$0]) }
            if marked.count >= 2 { return name }
            let lead = marked.first.flatMap { first in lines[..<first].last { !$0.isEmpty } }
            if lead?.hasSuffix(":") == true { return name }
        }
        return nil
    }

    private static let inlineNumber = Pattern("(?:^|[\\s:;])(\\d{1,2})[.)] +(?=\\p{L})")

    /// "1. Eggs 2. Milk 3. Bread": numbers that count up from one.
    private static func isInlineList(_ text: String) -> Bool {
        var expected = 1
        for groups in inlineNumber.groups(in: text) {
            guard let number = groups[1].flatMap({ Int($0) }) else { continue }
            expected = number == expected ? expected + 1 : number == 1 ? 2 : 1
            if expected == 4 { return true }
        }
        return false
    }
}
