/// Where a tensor stands in a checkpoint: the key without its `.weight` or `.bias`.
public typealias ParameterName = String

/// A linear layer, or several over the same input that are computed as one product (q, k, v; gate, up).
///
/// A model holds handles like this one; the executor holds the weights, in whatever form it computes with.
public struct Linear: Sendable, Equatable {
    /// One matrix of the product, `[rows, columns]` in the checkpoint.
    public struct Part: Sendable, Equatable {
        /// The checkpoint's key, such as `model.layers.0.self_attn.q_proj`.
        public let name: ParameterName
        /// Output features.
        public let rows: Int
    }

    /// Position in the executor's table of linear layers.
    public let index: Int
    /// The matrices, in the order their outputs are returned.
    public let parts: [Part]
    /// Input features.
    public let columns: Int
    /// Whether every part has a bias.
    public let hasBias: Bool
    /// What part of the model it is, for choosing a weight format.
    public let role: Role

    /// The kinds of linear layer that may be kept in different formats.
    public enum Role: Sendable, Equatable {
        /// Inside a decoder layer.
        case body
        /// From hidden states to logits.
        case head
    }
}

/// A root-mean-square normalisation.
public struct Norm: Sendable, Equatable {
    /// Position in the executor's table of norms.
    public let index: Int
    /// The checkpoint's key.
    public let name: ParameterName
    /// Features normalised together.
    public let columns: Int
    /// Added to the mean square.
    public let epsilon: Float
    /// Added to the stored weight: 0, or 1 where a family stores weights around zero.
    public let offset: Float
}

/// A small tensor that is used as it is, in fp32: neither a linear layer nor a norm.
public struct ParameterArray: Sendable, Equatable {
    /// Position in the executor's table of arrays.
    public let index: Int
    /// The checkpoint's key, all of it.
    public let key: String
    /// The checkpoint's shape.
    public let shape: [Int]
    /// Whether it is kept in fp32 beside weights of fewer bits.
    public let isExact: Bool
}

/// A table of token embeddings.
public struct Embedding: Sendable, Equatable {
    /// The checkpoint's key.
    public let name: ParameterName
    /// Tokens and features.
    public let rows: Int, columns: Int
}

/// Everything a model asks of a checkpoint, collected while the model is built.
public struct ParameterTable: Sendable {
    /// Linear layers by index.
    public private(set) var linears: [Linear] = []
    /// Norms by index.
    public private(set) var norms: [Norm] = []
    /// Arrays by index.
    public private(set) var arrays: [ParameterArray] = []
    /// Token embeddings.
    public private(set) var embedding: Embedding?

    /// An empty table.
    public init() {}

    /// Declares a linear layer of one matrix.
    public mutating func linear(
        _ name: ParameterName, rows: Int, columns: Int, bias: Bool = false, role: Linear.Role = .body
    ) -> Linear {
        fusedLinear([(name, rows)], columns: columns, bias: bias, role: role)
    }

    /// Declares matrices over the same input that are computed as one product.
    public mutating func fusedLinear(
        _ parts: [(name: ParameterName, rows: Int)], columns: Int, bias: Bool = false, role: Linear.Role = .body
    ) -> Linear {
        let linear = Linear(
            index: linears.count, parts: parts.map { Linear.Part(name: $0.name, rows: $0.rows) }, columns: columns,
            hasBias: bias, role: role)
        linears.append(linear)
        return linear
    }

    /// Declares a norm.
    public mutating func norm(_ name: ParameterName, columns: Int, epsilon: Float, offset: Float = 0) -> Norm {
        let norm = Norm(index: norms.count, name: name, columns: columns, epsilon: epsilon, offset: offset)
        norms.append(norm)
        return norm
    }

    /// Declares a tensor that is used as it is.
    public mutating func array(_ key: String, shape: [Int], isExact: Bool = false) -> ParameterArray {
        let array = ParameterArray(index: arrays.count, key: key, shape: shape, isExact: isExact)
        arrays.append(array)
        return array
    }

    /// Declares the token embeddings.
    public mutating func embedding(_ name: ParameterName, rows: Int, columns: Int) -> Embedding {
        let table = Embedding(name: name, rows: rows, columns: columns)
        embedding = table
        return table
    }
}
