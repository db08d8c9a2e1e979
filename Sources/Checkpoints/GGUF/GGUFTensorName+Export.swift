import Foundation

/// How a tensor of a Hugging Face checkpoint is laid down in a GGUF file.
extension GGUFTensorName {
    /// Whether it is a matrix, and not a convolution's taps.
    var isMatrix: Bool {
        if case .convolution = difference { return false }
        return shape.count == 2
    }

    /// A value as the file holds it.
    func stored(_ value: Float) -> Float {
        switch difference {
        case .plusOne: value + 1
        case .negativeExponential: Float(-exp(Double(value)))
        default: value
        }
    }

    /// For each row in the GGUF file, which row of the Hugging Face tensor it is.
    func rowOrder(_ sizes: GGUFHybridSizes?) -> [Int] {
        let rows = shape[0]
        if let sizes {
            switch difference {
            case .valueRows(let first, let headSize), .convolution(let first, let headSize):
                return Self.inverse(sizes.fileOrder(count: rows, first: first, headSize: headSize))
            case .negativeExponential: return Self.inverse(sizes.fileOrder(count: rows, first: 0, headSize: 1))
            case .none, .exact, .plusOne, .valueColumns: break
            }
        }
        guard let heads = permutedHeads else { return Array(0..<rows) }
        return Self.inverse(RotaryRowOrder.neighbourRows(rows: rows, heads: heads))
    }

    /// For each column in the GGUF file, which column of the Hugging Face tensor it is; nil where they are the same.
    func columnOrder(_ sizes: GGUFHybridSizes?) -> [Int]? {
        guard let sizes, case .valueColumns(let headSize) = difference else { return nil }
        return Self.inverse(sizes.fileOrder(count: shape[1], first: 0, headSize: headSize))
    }

    /// The same for groups of 16 columns, which share a scale; nil where columns of one group part.
    func groupOrder(_ sizes: GGUFHybridSizes?) -> [Int]? {
        guard let sizes, case .valueColumns(let headSize) = difference else { return Array(0..<shape[1] / 16) }
        guard headSize % 16 == 0 else { return nil }
        return Self.inverse(sizes.fileOrder(count: shape[1] / 16, first: 0, headSize: headSize / 16))
    }

    private static func inverse(_ order: [Int]) -> [Int] {
        var inverse = [Int](repeating: 0, count: order.count)
        for (index, place) in order.enumerated() { inverse[place] = index }
        return inverse
    }
}
