import Foundation
import JSON
import Testing
import Tokenization

@Suite("A random chat template")
struct ChatTemplateFuzzTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let words = [
        "{{", "}}", "{%", "%}", "{%-", "-%}", "{#", "#}", "{%+", "+%}", " ", "\n", "if", "else", "elif", "endif", "for",
        "in", "endfor", "set", "endset", "macro", "endmacro", "call", "endcall", "filter", "endfilter", "raw", "endraw",
        "with", "endwith", "generation", "endgeneration", "break", "continue", "x", "xs", "loop", "ns", "namespace",
        "messages", "range", "(", ")", "[", "]", "{", "}", ".", ",", ":", "|", "=", "==", "<", "+", "-", "*", "**",
        "//",
        "/", "%", "~", "is", "not", "and", "or", "'a'", "\"", "'", "\\", "1", "0", "-1", "1.5", "1e9", "99999999999",
        "none", "true", "upper", "tojson", "map", "join", "sort", "first", "items()", "split('a')", "format(1)",
        "length",
        "indent(2)", "slice(3)", "é", "🎉", "\u{0}", "\r\n", "a.b", "x[0]", "x[::-1]", "defined", "string", "'%s'",
        "'{}'", "replace('a', 'b')", "center(9)", "strftime_now('%Y')",
    ]

    /// Runs a template under tight limits; any way to end but a crash is fine.
    private static func run(_ source: String) {
        var limits = RenderLimits()
        limits.steps = 20_000
        limits.textBytes = 1 << 16
        let context: JSONValue = [
            "x": "a b a", "xs": [1, "b", nil, [2.5], ["k": "v"]], "messages": [["role": "user", "content": "hi"]],
        ]
        guard let template = try? ChatTemplate(source: source) else { return }
        _ = try? template.render(context: context.object ?? JSONObject(), limits: limits)
    }

    @Test("made of words never crashes", arguments: 0..<8)
    func wordsNeverCrash(seed: UInt64) {
        var generator = Generator(state: seed &+ 1)
        for _ in 0..<1500 {
            var source = ""
            for _ in 0..<Int.random(in: 1...30, using: &generator) {
                source += Self.words.randomElement(using: &generator) ?? ""
                if Bool.random(using: &generator) { source += " " }
            }
            Self.run(source)
            Self.run("{{ " + source + " }}")
            Self.run("{% " + source + " %}")
        }
    }

    @Test("made by changing a recorded template never crashes")
    func changesNeverCrash() throws {
        var generator = Generator(state: 42)
        let cases = try #require(try ChatTemplateFixtures.json("jinja_cases.json")["cases"]?.array)
        for item in cases {
            var scalars = Array((item["template"]?.string ?? "").unicodeScalars)
            for _ in 0..<4 where !scalars.isEmpty {
                let index = Int.random(in: 0..<scalars.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: scalars.remove(at: index)
                case 1: scalars.insert(scalars.randomElement(using: &generator) ?? "x", at: index)
                default: scalars.swapAt(index, Int.random(in: 0..<scalars.count, using: &generator))
                }
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars)
                Self.run(String(view))
            }
        }
    }
}
