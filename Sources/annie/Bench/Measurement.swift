import JSON

/// One quantity measured several times.
package struct Measurement: Sendable, Equatable {
    /// The samples in the order they were taken; at least one.
    package let samples: [Double]

    package init(_ samples: [Double]) {
        precondition(!samples.isEmpty, "a measurement has at least one sample")
        self.samples = samples
    }

    package var least: Double { samples.min() ?? 0 }
    package var most: Double { samples.max() ?? 0 }

    /// The middle sample, or the mean of the two in the middle.
    package var median: Double {
        let sorted = samples.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// `median (least–most)`, each formatted.
    package func text(_ format: (Double) -> String) -> String {
        samples.count == 1 ? format(median) : "\(format(median)) (\(format(least))–\(format(most)))"
    }

    package var json: JSONValue {
        .object(
            JSONObject([
                ("median", .number(median)), ("min", .number(least)), ("max", .number(most)),
                ("samples", .array(samples.map { .number($0) })),
            ]))
    }
}
