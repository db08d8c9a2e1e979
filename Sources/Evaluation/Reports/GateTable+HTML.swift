import Foundation

extension GateTable {
    /// One file for a browser: the table, with intervals as tooltips, and the drawing over doses where there are any.
    public var html: String {
        var body = ["<h1>\(Page.escaped(title))</h1>", table]
        body.append(
            "<p class=\"soft\">Each gate: the share of replies that pass. Point at one for its Wilson interval of 95 %."
                + " All gates: replies that pass every gate asked of them. KL: mean nats per token from the model that the"
                + " variant should equal.</p>")
        body += notes.map { "<p class=\"soft\">\(Page.escaped($0))</p>" }
        if let chart = DoseChart(self) {
            body += ["<h2>Manners by dose</h2>", chart.svg]
            body.append(
                "<p class=\"soft\">Replies that pass every gate asked of them, over learning rate × epochs, on a"
                    + " logarithmic axis.</p>")
        }
        return Page.html(title: title, body: body.joined(separator: "\n"))
    }

    private var table: String {
        let columns = columns
        let byTitle = Dictionary(gates.map { ($0.title, $0) }) { first, _ in first }
        let lines = rows.map { row in
            columns.map { column in
                let cell = Page.escaped(column.cell(row))
                guard let gate = byTitle[column.title], let rate = row.gates[gate] else { return cell }
                let low = Rate.percent(rate.interval.lowerBound), high = Rate.percent(rate.interval.upperBound)
                return "<span title=\"\(rate.passed) of \(rate.total); \(low) to \(high)\">\(cell)</span>"
            }
        }
        return Page.table([columns.map { Page.escaped($0.title) }] + lines)
    }
}

/// How many replies pass all gates over the dose, a line for each variant.
struct DoseChart {
    private struct Line {
        var name: String
        var points: [(strength: Double, average: Double, label: String)]
    }

    private let lines: [Line]
    private let range: ClosedRange<Double>
    private let width = 760.0, height = 380.0
    private let left = 52.0, bottom = 46.0, top = 14.0, right = 190.0
    private static let colors = [
        "#4a77b4", "#c7632c", "#2e8b63", "#8a5fb0", "#b58a1e", "#c04a78", "#4aa3a8", "#7a6a5a", "#6b8e23", "#8b4a3a",
    ]

    /// Nil where fewer than two rows have a dose and were judged.
    init?(_ table: GateTable) {
        var lines: [Line] = []
        for row in table.rows {
            guard let dose = row.dose, dose.strength > 0, let average = row.together?.value ?? row.average
            else { continue }
            let name = row.line ?? row.name
            let point = (dose.strength, average, "\(row.name), \(dose.text): \(Rate.percent(average))")
            if let index = lines.firstIndex(where: { $0.name == name }) {
                lines[index].points.append(point)
            } else {
                lines.append(Line(name: name, points: [point]))
            }
        }
        let strengths = lines.flatMap(\.points).map(\.strength)
        guard strengths.count >= 2, let least = strengths.min(), let most = strengths.max() else { return nil }
        self.lines = lines.map { line in
            Line(name: line.name, points: line.points.sorted { $0.strength < $1.strength })
        }
        // A little room at both ends, and some width where all doses are the same.
        range = Foundation.log10(least) - 0.15...Foundation.log10(most) + 0.15
    }

    var svg: String {
        var parts = [
            "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" width=\"\(Int(width))\" role=\"img\" aria-label=\"Gates by dose\">"
        ]
        for share in [0.0, 0.25, 0.5, 0.75, 1] {
            let y = y(share)
            parts.append(
                "<path d=\"M\(Page.number(left)) \(Page.number(y))H\(Page.number(width - right))\" stroke=\"var(--line)\"/>"
            )
            parts.append(text(Rate.percent(share), x: left - 6, y: y + 4, anchor: "end"))
        }
        for strength in Set(lines.flatMap(\.points).map(\.strength)).sorted() {
            parts.append("<path d=\"M\(Page.number(x(strength))) \(Page.number(y(0)))v5\" stroke=\"var(--ink)\"/>")
            parts.append(text(GateTable.scientific(strength), x: x(strength), y: y(0) + 18, anchor: "middle"))
        }
        parts.append(text("learning rate × epochs", x: (left + width - right) / 2, y: height - 6, anchor: "middle"))
        for (index, line) in lines.enumerated() { parts += drawing(line, index) }
        return parts.joined(separator: "\n") + "\n</svg>"
    }

    private func drawing(_ line: Line, _ index: Int) -> [String] {
        let color = Self.colors[index % Self.colors.count]
        // Colours come again after the tenth line, then broken.
        let dash = index >= Self.colors.count ? " stroke-dasharray=\"5 3\"" : ""
        let path = line.points.enumerated().map { number, point in
            "\(number == 0 ? "M" : "L")\(Page.number(x(point.strength))) \(Page.number(y(point.average)))"
        }.joined()
        var parts = ["<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"\(dash)/>"]
        for point in line.points {
            parts.append(
                "<circle cx=\"\(Page.number(x(point.strength)))\" cy=\"\(Page.number(y(point.average)))\" r=\"4\" "
                    + "fill=\"\(color)\"><title>\(Page.escaped(point.label))</title></circle>")
        }
        let legend = top + 10 + Double(index) * 20
        parts.append(
            "<path d=\"M\(Page.number(width - right + 14)) \(Page.number(legend))h18\" stroke=\"\(color)\" stroke-width=\"3\"\(dash)/>"
        )
        parts.append(text(line.name, x: width - right + 38, y: legend + 4, anchor: "start"))
        return parts
    }

    private func text(_ text: String, x: Double, y: Double, anchor: String) -> String {
        "<text x=\"\(Page.number(x))\" y=\"\(Page.number(y))\" text-anchor=\"\(anchor)\">\(Page.escaped(text))</text>"
    }

    private func x(_ strength: Double) -> Double {
        let share = (Foundation.log10(strength) - range.lowerBound) / (range.upperBound - range.lowerBound)
        return left + share * (width - right - left)
    }

    private func y(_ share: Double) -> Double { top + (1 - share) * (height - bottom - top) }
}
