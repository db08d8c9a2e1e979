/// Builds a page in Prometheus' text format.
package struct PrometheusText {
    package private(set) var page = ""
    /// Labels that every sample carries.
    private let labels: [(String, String)]

    package init(labels: [(String, String)]) { self.labels = labels }

    package enum Kind: String { case counter, gauge, histogram }

    /// Starts a metric; its samples follow.
    package mutating func family(_ name: String, _ kind: Kind, help: String) {
        page += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    package mutating func sample(_ name: String, _ value: Double, labels more: [(String, String)] = []) {
        let all = (labels + more).map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        page += "\(name){\(all)} \(Self.text(of: value))\n"
    }

    /// A counter with one sample; Prometheus wants its name to end in `_total`.
    package mutating func counter(_ name: String, _ value: Double, help: String) {
        family(name + "_total", .counter, help: help)
        sample(name + "_total", value)
    }

    package mutating func gauge(_ name: String, _ value: Double, help: String) {
        family(name, .gauge, help: help)
        sample(name, value)
    }

    package mutating func histogram(_ name: String, _ histogram: Histogram, help: String) {
        family(name, .histogram, help: help)
        let (cumulative, sum) = histogram.snapshot()
        for (bound, count) in zip(histogram.bounds + [.infinity], cumulative) {
            sample(name + "_bucket", Double(count), labels: [("le", Self.text(of: bound))])
        }
        sample(name + "_sum", sum)
        sample(name + "_count", Double(cumulative.last ?? 0))
    }

    private static func escaped(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func text(of value: Double) -> String {
        if value == .infinity { return "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(value.description)" : value.description
    }
}
