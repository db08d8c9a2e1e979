/// Something a user may say in several ways, and how she answers.
struct Exchange: Sendable, Equatable {
    var asked: [String]
    var answer: String
}

/// Reads the banks' texts.
///
/// They are plain text rather than arrays because that is easier to read and to add to; a mistake in them is a
/// programmer's and stops the first run.
enum Bank {
    /// A line each: ways to ask separated by ` / `, then ` | ` and the answer.
    static func lines(_ text: String) -> [Exchange] { text.split(separator: "\n").map { exchange($0) } }

    /// A line each: exchanges separated by ` || `.
    static func threads(_ text: String) -> [[Exchange]] {
        text.split(separator: "\n").map { $0.split(separator: " || ").map { exchange($0) } }
    }

    /// A line each, of fields separated by ` | `.
    static func rows(_ text: String, fields: Int) -> [[String]] {
        text.split(separator: "\n").map { line in
            let row = line.split(separator: " | ").map { trimmed($0) }
            precondition(row.count == fields, "expected \(fields) fields: \(line)")
            return row
        }
    }

    /// Parts separated by ` / `.
    static func choices(_ text: String) -> [String] { text.split(separator: " / ").map { trimmed($0) } }

    private static func exchange(_ text: Substring) -> Exchange {
        let sides = text.split(separator: " | ")
        precondition(sides.count == 2, "expected a question and an answer: \(text)")
        return Exchange(asked: choices(String(sides[0])), answer: trimmed(sides[1]))
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
