import Foundation

/// A line chart as SVG, in the colours of the page it stands on.
struct LineChart {
    /// One line.
    struct Series {
        var name: String
        var points: [(x: Double, y: Double)]
        var isDashed = false
    }

    var title: String
    var xLabel: String
    var yLabel: String
    var series: [Series]
    private static let colours = ["#3b6fd4", "#d4763b", "#3ba06f", "#a03b8d", "#7a7a2e"]
    private let width = 720.0, height = 300.0
    private let left = 56.0, right = 16.0, top = 28.0, bottom = 40.0

    init(title: String, xLabel: String, yLabel: String, series: [Series]) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.series = series.filter { !$0.points.isEmpty }
    }

    /// The chart; a sentence where there is nothing to draw.
    var svg: String {
        let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        guard let minX = points.map(\.x).min(), let maxX = points.map(\.x).max(), let minY = points.map(\.y).min(),
            let maxY = points.map(\.y).max()
        else { return "<p>\(title): nothing was measured.</p>" }
        let xs = Axis(minX, maxX), ys = Axis(minY, maxY)
        var parts = [
            "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" aria-label=\"\(title.htmlEscaped)\">",
            text(title, x: left, y: 16, anchor: "start", style: "title"),
        ]
        for tick in ys.ticks {
            let y = self.y(tick, ys)
            parts.append("<line class=\"grid\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(y)\" y2=\"\(y)\"/>")
            parts.append(text(Axis.label(tick), x: left - 6, y: y + 4, anchor: "end"))
        }
        for tick in xs.ticks { parts.append(text(Axis.label(tick), x: x(tick, xs), y: height - 22, anchor: "middle")) }
        parts.append(text(xLabel, x: (left + width - right) / 2, y: height - 6, anchor: "middle"))
        parts.append(text(yLabel, x: width - right, y: 16, anchor: "end"))
        for (index, line) in series.enumerated() { parts += drawn(line, index, xs, ys) }
        return parts.joined(separator: "\n") + "\n</svg>"
    }

    private func drawn(_ line: Series, _ index: Int, _ xs: Axis, _ ys: Axis) -> [String] {
        let colour = Self.colours[index % Self.colours.count]
        let path = line.points.filter { $0.x.isFinite && $0.y.isFinite }.map {
            String(format: "%.1f,%.1f", x($0.x, xs), y($0.y, ys))
        }.joined(separator: " ")
        let dash = line.isDashed ? " stroke-dasharray=\"5 4\"" : ""
        let row = top + 14 + Double(index) * 16
        return [
            "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.8\"\(dash) points=\"\(path)\"/>",
            "<line x1=\"\(width - 170)\" x2=\"\(width - 146)\" y1=\"\(row)\" y2=\"\(row)\" stroke=\"\(colour)\""
                + " stroke-width=\"2\"\(dash)/>",
            text(line.name, x: width - 140, y: row + 4, anchor: "start"),
        ]
    }

    private func x(_ value: Double, _ axis: Axis) -> Double { left + (width - left - right) * axis.share(value) }
    private func y(_ value: Double, _ axis: Axis) -> Double {
        height - bottom - (height - top - bottom) * axis.share(value)
    }

    private func text(_ text: String, x: Double, y: Double, anchor: String, style: String = "label") -> String {
        String(format: "<text class=\"%@\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%@\">", style, x, y, anchor)
            + text.htmlEscaped + "</text>"
    }
}

/// A range of values with round ticks.
private struct Axis {
    let low: Double, high: Double
    let ticks: [Double]

    init(_ low: Double, _ high: Double) {
        let span = high > low ? high - low : max(abs(high), 1)
        let rough = span / 5
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
        let first = (low / step).rounded(.down) * step
        let last = max(first + step, (high / step).rounded(.up) * step)
        (self.low, self.high) = (first, last)
        ticks = (0...Int(((last - first) / step).rounded())).map { first + Double($0) * step }
    }

    func share(_ value: Double) -> Double { (value - low) / (high - low) }

    static func label(_ value: Double) -> String {
        abs(value) >= 1e6 || (value != 0 && abs(value) < 1e-3)
            ? String(format: "%.1e", value) : String(format: "%g", (value * 1e6).rounded() / 1e6)
    }
}

extension String {
    /// Safe between tags and in attributes.
    var htmlEscaped: String {
        reduce(into: "") { text, character in
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
    }
}
