import Foundation

/// How often something passes, with what a sample of this size leaves open.
public struct Rate: Sendable, Equatable {
    /// How many passed, of how many.
    public var passed: Int, total: Int
    /// How many different prompts that were. Samples of one prompt resemble each other, so only prompts make an interval
    /// narrower.
    public var prompts: Int

    /// A rate of so many.
    public init(passed: Int, total: Int, prompts: Int? = nil) {
        self.passed = passed
        self.total = total
        self.prompts = prompts ?? total
    }

    /// From 0 to 1; 0 of 0 is 0.
    public var value: Double { total > 0 ? Double(passed) / Double(total) : 0 }

    /// The Wilson score interval of 95 % over the number of prompts.
    public var interval: ClosedRange<Double> {
        guard prompts > 0 else { return 0...1 }
        let (z, n) = (1.959963984540054, Double(prompts))
        let center = (value + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        return max(0, center - half)...min(1, center + half)
    }

    /// `94 %`.
    public var percent: String { Self.percent(value) }

    static func percent(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded)) %" : String(format: "%.1f %%", rounded)
    }
}
