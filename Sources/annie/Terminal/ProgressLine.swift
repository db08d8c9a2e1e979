import Foundation

/// Shows how far a long piece of work is: one line that is rewritten on a terminal, a plain line now and then elsewhere.
package struct ProgressLine {
    /// What the numbers count.
    package enum Unit: Sendable { case bytes, items(String) }

    private let label: String
    private let unit: Unit
    private let isTerminal: Bool
    private let write: (String) -> Void
    private let now: () -> Double
    private let began: Double
    private var lastShown: Double
    private let first: Int
    private var completed: Int
    private var total: Int?
    private var remark: String?

    /// A line on standard error.
    ///
    /// - Parameter first: What an earlier run had done, which says nothing of this one's speed.
    package init(_ label: String, unit: Unit, from first: Int = 0) {
        self.init(
            label, unit: unit, from: first, isTerminal: isatty(STDERR_FILENO) == 1,
            write: { FileHandle.standardError.write(Data($0.utf8)) },
            now: { ProcessInfo.processInfo.systemUptime })
    }

    /// A line anywhere, by any clock in seconds.
    package init(
        _ label: String, unit: Unit, from first: Int = 0, isTerminal: Bool, write: @escaping (String) -> Void,
        now: @escaping () -> Double
    ) {
        self.label = label
        self.unit = unit
        self.first = first
        completed = first
        self.isTerminal = isTerminal
        self.write = write
        self.now = now
        began = now()
        lastShown = isTerminal ? -.infinity : began
        if !isTerminal { write("\(label) …\n") }
    }

    /// Reports that much done, of that much in all if that is known, and what else there is to say.
    package mutating func update(_ completed: Int, of total: Int? = nil, remark: String? = nil) {
        self.completed = completed
        self.remark = remark
        if let total { self.total = total }
        let time = now()
        guard time - lastShown >= (isTerminal ? 0.1 : 10) else { return }
        lastShown = time
        write(isTerminal ? "\r\u{1B}[K\(text(at: time))" : "\(text(at: time))\n")
    }

    /// Ends the line with what came of it.
    package func finish(_ message: String? = nil) {
        let seconds = now() - began
        let closing = message ?? "\(label): \(amount(completed)) in \(Self.duration(seconds))"
        write((isTerminal ? "\r\u{1B}[K" : "") + closing + "\n")
    }

    private func text(at time: Double) -> String {
        let seconds = time - began
        let rate = seconds > 0.5 ? Double(completed - first) / seconds : 0
        var parts = [label]
        if let total, total > 0 {
            parts.append("\(min(100, completed * 100 / total)) %")
            parts.append("\(amount(completed)) of \(amount(total))")
        } else {
            parts.append(amount(completed))
        }
        if rate > 0 {
            // What takes longer than a second each is counted by the minute.
            parts.append(rate < 1 ? String(format: "%.1f/min", rate * 60) : "\(amount(Int(rate)))/s")
            if let total, total > completed { parts.append("\(Self.duration(Double(total - completed) / rate)) left") }
        }
        if let remark { parts.append(remark) }
        return parts.joined(separator: "  ")
    }

    private func amount(_ count: Int) -> String {
        switch unit {
        case .bytes: byteText(count)
        case .items(let name): "\(count) \(name)"
        }
    }

    private static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<9.95: String(format: "%.1f s", seconds)
        case ..<120: "\(Int(seconds.rounded())) s"
        default: "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
        }
    }
}

/// A number of bytes in decimal units, as download and memory speeds are given.
package func byteText(_ count: Int) -> String {
    for (size, unit) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] where count >= size {
        return String(format: "%.\(count < 10 * size ? 2 : 1)f \(unit)", Double(count) / Double(size))
    }
    return "\(count) B"
}
