/// A page that stands alone: style and drawings are in it, and nothing is fetched.
enum Page {
    static func html(title: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #667; --line: #d8dce2; --paper: #fff; --good: #2e7d5b;
          --bad: #b3402e; --bar: #4a77b4; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa3ae; --line: #343a42; --paper: #15181c;
          --good: #5bbd8f; --bad: #e07a66; --bar: #7fa8dd; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem;
          margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        .wide { overflow-x: auto; }
        th, td { text-align: right; padding: .3rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; }
        .soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); }
        details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .4rem .8rem; }
        summary { cursor: pointer; } .said { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; }
        .who { color: var(--soft); display: inline-block; min-width: 5rem; }
        svg { display: block; max-width: 100%; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
        </style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    /// Text that a browser shows as it is.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    static func table(_ rows: [[String]]) -> String {
        guard let head = rows.first else { return "" }
        let lines = rows.dropFirst().map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }
        return "<div class=\"wide\"><table><thead><tr>" + head.map { "<th>\($0)</th>" }.joined()
            + "</tr></thead><tbody>"
            + lines.joined(separator: "\n") + "</tbody></table></div>"
    }

    /// A rate as a bar, its interval as a line over it, and what is wanted as a tick.
    static func bar(_ rate: Rate, threshold: Double?) -> String {
        let width = 240.0
        let (low, high) = (rate.interval.lowerBound * width, rate.interval.upperBound * width)
        let isMissed = threshold.map { rate.value < $0 } ?? false
        var parts = [
            "<svg width=\"244\" height=\"18\" role=\"img\" aria-label=\"\(rate.percent)\">",
            "<rect x=\"0\" y=\"4\" width=\"\(width)\" height=\"10\" fill=\"var(--line)\"/>",
            "<rect x=\"0\" y=\"4\" width=\"\(number(rate.value * width))\" height=\"10\" "
                + "fill=\"var(--\(isMissed ? "bad" : "good"))\"/>",
            "<path d=\"M\(number(low)) 9H\(number(high))M\(number(low)) 5v8M\(number(high)) 5v8\" "
                + "stroke=\"var(--ink)\" stroke-width=\"1.5\"/>",
        ]
        if let threshold {
            parts.append(
                "<path d=\"M\(number(threshold * width)) 0v18\" stroke=\"var(--ink)\" stroke-dasharray=\"2 2\"/>")
        }
        return parts.joined() + "</svg>"
    }

    /// A coordinate with one decimal.
    static func number(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
