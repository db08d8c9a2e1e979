import Foundation
import JSON
import Testing
import Tokenization

@Suite("The template interpreter beside the real Jinja")
struct ChatTemplateJinjaTests {
    @Test("gives the same text or the same kind of error for every recorded template")
    func agreesWithJinja() throws {
        let recording = try ChatTemplateFixtures.json("jinja_cases.json")
        let context = try #require(recording["context"]?.object)
        let clock = TemplateClock.fixed(secondsSince1970: try #require(recording["now"]?.integer))
        let cases = try #require(recording["cases"]?.array)
        #expect(cases.count > 600)
        for item in cases {
            let source = try #require(item["template"]?.string)
            let (found, expected) = (Self.outcome(of: source, context, clock), Self.expectation(item))
            #expect(found == expected, "\(source)")
        }
    }

    /// The text, or the error's kind; its message where the template's author would see Jinja's own words.
    private static func expectation(_ item: JSONValue) -> String {
        if let text = item["text"]?.string { return "text: \(text)" }
        return describe(item["error"]?.string ?? "", item["message"]?.string ?? "", line: item["line"]?.integer)
    }

    private static func outcome(of source: String, _ context: JSONObject, _ clock: TemplateClock) -> String {
        do throws(ChatTemplateError) {
            return "text: \(try ChatTemplate(source: source).render(context: context, clock: clock))"
        } catch {
            return describe(error.kind.rawValue, error.message, line: error.line)
        }
    }

    private static func describe(_ kind: String, _ message: String, line: Int?) -> String {
        switch kind {
        case "undefined", "security", "raised": "\(kind): \(message)"
        case "syntax": "syntax, line \(line ?? 1)"
        default: kind
        }
    }
}
