import Compute

/// What came in at one linear layer while a model read calibration text.
public struct InputStatistics: Sendable {
    /// The largest magnitude of each input feature.
    public private(set) var amax: [Float]
    /// The mean magnitude of each input feature.
    public var mean: [Float] { sums.map { Float($0 / Double(max(1, count))) } }
    /// Some of the inputs, row after row: what errors of the layer's output are measured on.
    public private(set) var sample: [Float] = []
    /// How many tokens were seen.
    public private(set) var count = 0
    private var sums: [Double]

    /// Nothing seen yet, of so many features.
    init(columns: Int) {
        amax = [Float](repeating: 0, count: columns)
        sums = [Double](repeating: 0, count: columns)
    }

    /// Input features.
    public var columns: Int { amax.count }
    /// Rows of ``sample``.
    public var sampledRows: Int { sample.count / max(1, columns) }

    /// Adds an input's rows; every `stride`-th of all is sampled.
    mutating func add(_ x: HostTensor, stride: Int) {
        for row in 0..<x.rows {
            let values = x.row(row)
            for column in 0..<columns {
                let magnitude = values[column].magnitude
                amax[column] = max(amax[column], magnitude)
                sums[column] += Double(magnitude)
            }
            if count % stride == 0 { sample.append(contentsOf: values) }
            count += 1
        }
    }
}
