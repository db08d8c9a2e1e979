import Foundation

/// Variants of a model side by side: what each keeps of its manners, what it costs, and how fast it is.
public struct GateTable: Sendable, Equatable {
    /// One variant.
    public struct Row: Sendable, Equatable {
        /// What it is, such as `PTQ max, own text`.
        public var name: String
        /// Which variant's line it is a point of, in the drawing over doses; nil: the name.
        public var line: String?
        /// How strongly it was taught; nil for one that was not.
        public var dose: Dose?
        /// How often each gate is passed.
        public var gates: [QualityGate: Rate]
        /// How many replies passed every gate that was asked of them.
        public var together: Rate?
        /// Held-out perplexity.
        public var perplexity: Double?
        /// Mean nats per token from the model that it should equal.
        public var divergence: Double?
        /// Size of the weights.
        public var bytes: Int?
        /// Tokens decoded in a second.
        public var tokensPerSecond: Double?
        /// Median time to the first word.
        public var firstTextMilliseconds: Double?
        /// How long teaching took.
        public var trainingSeconds: Double?

        /// A row to fill in.
        public init(_ name: String, line: String? = nil, dose: Dose? = nil, gates: [QualityGate: Rate] = [:]) {
            self.name = name
            self.line = line
            self.dose = dose
            self.gates = gates
        }

        /// A row with what an evaluation found.
        ///
        /// - Parameter temperature: Takes only this; nil takes all together.
        public init(
            _ name: String, line: String? = nil, dose: Dose? = nil, report: EvaluationReport, temperature: Double? = nil
        ) {
            self.init(name, line: line, dose: dose)
            for gate in report.gates { gates[gate] = report.rate(gate, temperature: temperature) }
            together = report.together(temperature: temperature)
            tokensPerSecond = report.tokensPerSecond
            firstTextMilliseconds = quantile(0.5, of: report.firstTextSeconds).map { $0 * 1000 }
        }

        /// The mean rate of the gates of manners.
        public var average: Double? {
            let rates = QualityGate.manners.compactMap { gates[$0]?.value }
            return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
        }
    }

    /// How strongly a model was taught.
    public struct Dose: Sendable, Equatable {
        /// The largest learning rate, and how often the data was seen.
        public var learningRate: Double, epochs: Double

        /// A dose of these.
        public init(learningRate: Double, epochs: Double) {
            self.learningRate = learningRate
            self.epochs = epochs
        }

        /// The two multiplied: what the drawing's axis shows.
        public var strength: Double { learningRate * epochs }
        /// `1e-5 × 2`.
        public var text: String { "\(GateTable.scientific(learningRate)) × \(epochs.formatted())" }
    }

    /// What the table says above its rows.
    public var title: String
    /// In the order in which they are shown.
    public var rows: [Row]
    /// What stands below them: how it was measured, and which rows failed.
    public var notes: [String]

    /// A table of these rows.
    public init(title: String, rows: [Row] = [], notes: [String] = []) {
        self.title = title
        self.rows = rows
        self.notes = notes
    }

    /// The gates that any row was judged by.
    public var gates: [QualityGate] { QualityGate.allCases.filter { gate in rows.contains { $0.gates[gate] != nil } } }

    /// Columns: heading, and a cell's text for a row. Those that no row fills are left out.
    var columns: [(title: String, cell: (Row) -> String)] {
        var columns: [(title: String, cell: (Row) -> String)] = [
            ("variant", { $0.name }), ("dose", { $0.dose?.text ?? "" }),
        ]
        for gate in gates { columns.append((gate.title, { $0.gates[gate]?.percent ?? "" })) }
        columns += [
            ("all gates", { $0.together?.percent ?? "" }),
            ("average", { $0.average.map { Rate.percent($0) } ?? "" }),
            ("perplexity", { Self.fixed($0.perplexity, 2) }), ("KL", { Self.fixed($0.divergence, 4) }),
            ("MB", { Self.fixed($0.bytes.map { Double($0) / 1e6 }, 1) }),
            ("tok/s", { Self.fixed($0.tokensPerSecond, 0) }),
            ("TTFT ms", { Self.fixed($0.firstTextMilliseconds, 0) }),
            ("training", { $0.trainingSeconds.map(Self.duration) ?? "" }),
        ]
        return columns.filter { column in column.title == "variant" || rows.contains { !column.cell($0).isEmpty } }
    }

    static func fixed(_ value: Double?, _ digits: Int) -> String {
        guard let value, value.isFinite else { return "" }
        return value.formatted(
            .number.precision(.fractionLength(digits)).grouping(.never).locale(.init(identifier: "en_US")))
    }

    static func duration(_ seconds: Double) -> String {
        seconds < 90 ? "\(fixed(seconds, 0)) s" : "\(fixed(seconds / 60, 1)) min"
    }

    static func scientific(_ value: Double) -> String {
        guard value > 0, value < 0.01 else { return value.formatted() }
        var (mantissa, exponent) = (value, 0)
        while mantissa < 1 - 1e-9 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        return "\(fixed(mantissa, mantissa.rounded() == (mantissa * 10).rounded() / 10 ? 0 : 1))e\(exponent)"
    }
}
