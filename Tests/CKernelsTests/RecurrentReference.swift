import CKernels
import Foundation

/// A gated DeltaNet layer and its inputs in double precision, written from the formulas.
struct DeltaReference {
    var keyHeads = 2
    var valueHeads = 4
    var keyDim = 32
    var valueDim = 32
    var rows: Int
    var qkv: [Double]
    var update: [Double]
    var decay: [Double]
    var logRate: [Double]
    var stepBias: [Double]
    /// `[valueHeads][keyDim][valueDim]`.
    var state: [Double]

    var columns: Int { 2 * keyHeads * keyDim + valueHeads * valueDim }
    var outputColumns: Int { valueHeads * valueDim }

    init(keyHeads: Int, valueHeads: Int, keyDim: Int, valueDim: Int, rows: Int, seed: UInt64, state: Bool = true) {
        (self.keyHeads, self.valueHeads, self.keyDim, self.valueDim) = (keyHeads, valueHeads, keyDim, valueDim)
        self.rows = rows
        var generator = SeededGenerator(seed)
        func doubles(_ count: Int, _ scale: Float = 1) -> [Double] {
            generator.normals(count, scale: scale).map(Double.init)
        }
        qkv = doubles(rows * (2 * keyHeads * keyDim + valueHeads * valueDim))
        update = doubles(rows * valueHeads)
        decay = doubles(rows * valueHeads)
        logRate = doubles(valueHeads)
        stepBias = doubles(valueHeads)
        self.state = doubles(valueHeads * keyDim * valueDim, state ? 0.3 : 0)
    }

    /// Outputs `[rows, outputColumns]` and the state after the last row.
    func run() -> (output: [Double], state: [Double]) {
        var state = state
        var output = [Double](repeating: 0, count: rows * outputColumns)
        for row in 0..<rows {
            for head in 0..<valueHeads {
                let keyHead = head / (valueHeads / keyHeads)
                let start = row * columns + keyHead * keyDim
                let q = normalized(qkv[start..<start + keyDim]).map { $0 / Double(keyDim).squareRoot() }
                let k = normalized(qkv[start + keyHeads * keyDim..<start + keyHeads * keyDim + keyDim])
                let rate = exp(logRate[head]) * log(1 + exp(decay[row * valueHeads + head] + stepBias[head]))
                let beta = 1 / (1 + exp(-update[row * valueHeads + head]))
                for column in 0..<valueDim {
                    let v = qkv[row * columns + 2 * keyHeads * keyDim + head * valueDim + column]
                    func place(_ i: Int) -> Int { (head * keyDim + i) * valueDim + column }
                    var held = 0.0
                    for i in 0..<keyDim {
                        state[place(i)] *= exp(-rate)
                        held += state[place(i)] * k[i]
                    }
                    var read = 0.0
                    for i in 0..<keyDim {
                        state[place(i)] += k[i] * (v - held) * beta
                        read += state[place(i)] * q[i]
                    }
                    output[row * outputColumns + head * valueDim + column] = read
                }
            }
        }
        return (output, state)
    }

    private func normalized(_ x: ArraySlice<Double>) -> [Double] {
        let factor = 1 / (x.reduce(0) { $0 + $1 * $1 } + 1e-6).squareRoot()
        return x.map { $0 * factor }
    }

    // MARK: The kernel's form

    var shape: annie_delta_shape {
        annie_delta_shape(key_heads: keyHeads, value_heads: valueHeads, key_dim: keyDim, value_dim: valueDim)
    }

    /// Where an element of the state is in the kernel's layout.
    func place(head: Int, key: Int, column: Int) -> Int {
        let blocks = (valueDim + 15) / 16
        return ((head * blocks + column / 16) * keyDim + key) * 16 + column % 16
    }

    func toKernel(_ state: [Double]) -> [Float] {
        var shape = shape
        var result = [Float](repeating: 0, count: annie_delta_state_floats(&shape))
        forEachElement { result[place(head: $0, key: $1, column: $2)] = Float(state[$3]) }
        return result
    }

    func fromKernel(_ state: [Float]) -> [Float] {
        var result = [Float](repeating: 0, count: valueHeads * keyDim * valueDim)
        forEachElement { result[$3] = state[place(head: $0, key: $1, column: $2)] }
        return result
    }

    private func forEachElement(_ body: (Int, Int, Int, Int) -> Void) {
        for head in 0..<valueHeads {
            for key in 0..<keyDim {
                for column in 0..<valueDim { body(head, key, column, (head * keyDim + key) * valueDim + column) }
            }
        }
    }

    /// The kernel over pieces of these lengths, state handed on; the state in the kernel's layout.
    func runKernel(cuts: [Int], pool: OpaquePointer? = nil) -> (output: [Float], state: [Float]) {
        var shape = shape
        var state = toKernel(state)
        var output = [Float](repeating: 0, count: rows * outputColumns)
        let (qkv, b, a) = (qkv.map(Float.init), update.map(Float.init), decay.map(Float.init))
        let (logRate, stepBias) = (logRate.map(Float.init), stepBias.map(Float.init))
        var first = 0
        for count in cuts {
            let scratch = AlignedBuffer(annie_gated_delta_scratch_size(&shape, first + count))
            state.withUnsafeMutableBufferPointer { state in
                var segment = annie_recurrent_segment(state: state.baseAddress, first_row: first, rows: count)
                annie_gated_delta(
                    pool, &output, outputColumns, qkv, columns, b, valueHeads, a, valueHeads, &segment, 1, &shape,
                    logRate, stepBias, scratch.bytes)
            }
            first += count
        }
        return (output, state)
    }
}

/// A causal convolution and its inputs in double precision.
struct ConvolutionReference {
    let rows: Int
    let channels: Int
    let kernel: Int
    var x: [Double]
    var weight: [Double]
    var state: [Double]

    init(rows: Int, channels: Int, kernel: Int, seed: UInt64) {
        (self.rows, self.channels, self.kernel) = (rows, channels, kernel)
        var generator = SeededGenerator(seed)
        x = generator.normals(rows * channels).map(Double.init)
        weight = generator.normals(channels * kernel).map(Double.init)
        state = generator.normals((kernel - 1) * channels).map(Double.init)
    }

    func run() -> (output: [Double], state: [Double]) {
        let all = state + x
        let output = (0..<rows * channels).map { index in
            let (row, channel) = index.quotientAndRemainder(dividingBy: channels)
            let sum = (0..<kernel).reduce(0.0) {
                $0 + weight[channel * kernel + $1] * all[(row + $1) * channels + channel]
            }
            return sum / (1 + exp(-sum))
        }
        return (output, Array(all.suffix((kernel - 1) * channels)))
    }

    func runKernel(cuts: [Int], pool: OpaquePointer? = nil) -> (output: [Float], state: [Float]) {
        let (x, weight) = (x.map(Float.init), weight.map(Float.init))
        var state = state.map(Float.init) + [0]
        var output = [Float](repeating: 0, count: rows * channels)
        var first = 0
        for count in cuts {
            state.withUnsafeMutableBufferPointer { state in
                var segment = annie_recurrent_segment(state: state.baseAddress, first_row: first, rows: count)
                annie_causal_convolution(
                    pool, &output, channels, x, channels, &segment, 1, channels, kernel, weight)
            }
            first += count
        }
        return (output, Array(state.dropLast()))
    }
}
