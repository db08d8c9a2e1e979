import Foundation
import JSON
import Testing
import Tokenization

@Suite("A hostile chat template")
struct ChatTemplateLimitTests {
    /// The kind of error a template ends with under tight limits, on a thread with a small stack.
    private static func kind(of source: String, _ context: JSONObject = JSONObject()) async -> ChatTemplateError.Kind? {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                var limits = RenderLimits()
                limits.steps = 300_000
                limits.textBytes = 1 << 20
                var kind: ChatTemplateError.Kind?
                do throws(ChatTemplateError) {
                    _ = try ChatTemplate(source: source).render(context: context, limits: limits)
                } catch { kind = error.kind }
                continuation.resume(returning: kind)
            }
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    @Test(
        "that does too much ends with a limit error",
        arguments: [
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
            "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{{ 'ab' * 1000000000 }}", "{{ [1, 2] * 1000000000 }}", "{{ 'a'.center(1000000000) }}",
            "{{ '%1000000000d' % 1 }}", "{{ '{:1000000000}'.format(1) }}", "{{ 'a'|indent(1000000000) }}",
            "{{ ('a' * 100000).replace('', 'b' * 100000) }}", "{{ ('a' * 100000)|list|join('b' * 100000) }}",
            "{{ '\\t'.expandtabs(1000000000) }}", "{{ range(100001) }}", "{{ 9 ** 99 }}",
            "{{ 9223372036854775807 + 1 }}",
            "{{ [1]|batch(1000000000, 1)|list }}", "{{ [1]|slice(1000000000)|list }}", "{{ '%.99999f' % 1.5 }}",
            "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
            "{% macro f(x) %}{{ g(x) ~ 'x' }}{% endmacro %}{% macro g(x) %}{{ f(x)|upper }}{% endmacro %}{{ f(1) }}",
            "{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}",
            "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
            "{% set ns = namespace(x={}) %}{% for i in range(9999) %}{% set ns.x = {'a': ns.x} %}{% endfor %}",
            "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x]|map('list') %}{% endfor %}",
            "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% for j in [ns.x] %}{% set ns.x = loop %}"
                + "{% endfor %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}"
                + "{{ ns.x|tojson }}",
            "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}"
                + "{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
            "{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}"
                + "{{ {ns.x: 1} }}",
            "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
        ])
    func endsWithLimit(source: String) async {
        #expect(await Self.kind(of: source) == .limit)
    }

    @Test(
        "that nests without end does not compile",
        arguments: ["(", "[", "{1:", "-", "not ", "f(", "a[", "1 if ", "1 + ", "'a' ~ (", "a.b|f(", "a is in ", "a.b."])
    func nestingDoesNotCompile(opening: String) async {
        let nested = "{{ " + String(repeating: opening, count: 20_000)
        #expect(await Self.kind(of: nested) == .syntax)
        #expect(await Self.kind(of: nested + "1 }}") == .syntax)
    }

    @Test(
        "that opens blocks without end does not compile",
        arguments: [
            "{% if 1 %}", "{% for x in y %}", "{% macro m() %}", "{% set x %}", "{% filter upper %}", "{% with %}",
        ])
    func blocksDoNotCompile(opening: String) async {
        #expect(await Self.kind(of: String(repeating: opening, count: 20_000)) == .syntax)
    }

    @Test("is let go of when it has tied itself in a long chain")
    func longChainIsReleased() async {
        let chain =
            "{% set ns = namespace(x=none) %}{% for i in range(9999) %}{% set ns.x = namespace(x=ns.x) %}{% endfor %}"
        #expect(await Self.kind(of: chain) == nil)
        let macros =
            "{% set ns = namespace(x=none) %}{% for i in range(2000) %}{% set y = ns.x %}{% macro m() %}{{ y }}"
            + "{% endmacro %}{% set ns.x = m %}{% endfor %}"
        #expect(await Self.kind(of: macros) == nil)
    }

    @Test("cannot nest its input deeper than values may nest")
    func deepInputIsRefused() async {
        var value: JSONValue = 1
        for _ in 0..<5000 { value = .array([value]) }
        var context = JSONObject()
        context["x"] = value
        #expect(await Self.kind(of: "{{ x }}", context) == .limit)
    }
}
