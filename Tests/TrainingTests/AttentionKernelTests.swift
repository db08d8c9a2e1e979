import CKernels
import Foundation
import Testing

/// Attention over a tree of segments, in double precision: the plain definition and its gradient.
private struct PlainAttention {
    let segments: [annie_train_segment]
    let heads: Int, kvHeads: Int, headDim: Int
    let scale: Double

    func sees(_ query: Int, _ key: Int) -> Bool {
        let (from, to) = (segment(of: query), segment(of: key))
        if from == to { return key <= query }
        var parent = segments[from].parent
        while parent >= 0 {
            if parent == to { return true }
            parent = segments[parent].parent
        }
        return false
    }

    private func segment(of row: Int) -> Int {
        segments.firstIndex { $0.first_row <= row && row < $0.first_row + $0.rows } ?? 0
    }

    /// The output, and the gradients of q, k and v for an output gradient.
    func run(
        _ q: [Float], _ k: [Float], _ v: [Float], dout: [Float]
    ) -> (out: [Double], dq: [Double], dk: [Double], dv: [Double]) {
        let rows = q.count / (heads * headDim)
        var out = [Double](repeating: 0, count: q.count)
        var (dq, dk, dv) = (out, [Double](repeating: 0, count: k.count), [Double](repeating: 0, count: k.count))
        for head in 0..<heads {
            let kv = head / (heads / kvHeads)
            func at(_ x: [Float], _ row: Int, _ head: Int, _ count: Int) -> [Double] {
                (0..<headDim).map { Double(x[(row * count + head) * headDim + $0]) }
            }
            for row in 0..<rows {
                let keys = (0..<rows).filter { sees(row, $0) }
                let query = at(q, row, head, heads)
                let scores = keys.map { key in scale * dot(query, at(k, key, kv, kvHeads)) }
                let largest = scores.max() ?? 0
                let exponentials = scores.map { exp($0 - largest) }
                let sum = exponentials.reduce(0, +)
                let p = exponentials.map { $0 / sum }
                let d = at(dout, row, head, heads)
                let dp = keys.map { dot(d, at(v, $0, kv, kvHeads)) }
                let mean = zip(p, dp).reduce(0) { $0 + $1.0 * $1.1 }
                for (index, key) in keys.enumerated() {
                    let ds = p[index] * (dp[index] - mean) * scale
                    for i in 0..<headDim {
                        let (here, there) = ((row * heads + head) * headDim + i, (key * kvHeads + kv) * headDim + i)
                        out[here] += p[index] * Double(v[there])
                        dv[there] += p[index] * d[i]
                        dq[here] += ds * Double(k[there])
                        dk[there] += ds * query[i]
                    }
                }
            }
        }
        return (out, dq, dk, dv)
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension TrainingKernels {
    private static func segment(_ first: Int, _ rows: Int, _ parent: Int) -> annie_train_segment {
        annie_train_segment(first_row: first, rows: rows, parent: parent)
    }

    /// One long segment; unrelated ones; trees with empty segments in them.
    private static let layouts = [
        [segment(0, 150, -1)], [segment(0, 1, -1), segment(1, 70, -1), segment(71, 64, -1)],
        [
            segment(0, 67, -1), segment(67, 30, 0), segment(97, 0, 0), segment(97, 65, 1), segment(162, 10, 2),
            segment(172, 0, -1), segment(172, 9, 5), segment(181, 3, 6),
        ],
    ]

    private struct Case {
        let plain: PlainAttention
        let q: [Float], k: [Float], v: [Float], dout: [Float]
        let expected: (out: [Double], dq: [Double], dk: [Double], dv: [Double])
    }

    /// Computed once: double precision takes its time.
    private static let cases = zip(layouts, [(2, 1, 16), (1, 1, 72), (4, 2, 32)]).map { layout, sizes in
        let (heads, kvHeads, headDim) = sizes
        let rows = layout.reduce(0) { $0 + $1.rows }
        let plain = PlainAttention(
            segments: layout, heads: heads, kvHeads: kvHeads, headDim: headDim,
            scale: Double(1 / Float(headDim).squareRoot()))
        var numbers = Numbers(21)
        let q = numbers.normals(rows * heads * headDim)
        let (k, v) = (numbers.normals(rows * kvHeads * headDim), numbers.normals(rows * kvHeads * headDim))
        let dout = numbers.normals(q.count)
        return Case(plain: plain, q: q, k: k, v: v, dout: dout, expected: plain.run(q, k, v, dout: dout))
    }

    @Test(arguments: instructionSets, precisions)
    func attentionAndItsBackwardEqualTheDefinition(isa: annie_isa, precision: annie_train_precision) {
        for example in Self.cases {
            let expected = example.expected
            let found = Self.with(isa) {
                Self.attend(example.plain, precision, example.q, example.k, example.v, example.dout)
            }
            let tolerance = precision == ANNIE_TRAIN_F32 ? 3e-6 : 1.5e-2
            #expect(relativeError(found.out, expected.out) < tolerance)
            #expect(relativeError(found.dq, expected.dq) < tolerance)
            #expect(relativeError(found.dk, expected.dk) < tolerance)
            #expect(relativeError(found.dv, expected.dv) < tolerance)
        }
    }

    private static func attend(
        _ plain: PlainAttention, _ precision: annie_train_precision, _ q: [Float], _ k: [Float], _ v: [Float],
        _ dout: [Float]
    ) -> (out: [Float], dq: [Float], dk: [Float], dv: [Float]) {
        let pool = annie_pool_create(2)
        defer { annie_pool_destroy(pool) }
        let (ldq, ldk) = (plain.heads * plain.headDim, plain.kvHeads * plain.headDim)
        let rows = q.count / ldq
        var (out, dq) = ([Float](repeating: .nan, count: q.count), [Float](repeating: .nan, count: q.count))
        var (dk, dv) = ([Float](repeating: .nan, count: k.count), [Float](repeating: .nan, count: k.count))
        var logSumExp = [Float](repeating: 0, count: plain.heads * rows)
        plain.segments.withUnsafeBufferPointer { segments in
            q.withUnsafeBufferPointer { q in
                k.withUnsafeBufferPointer { k in
                    v.withUnsafeBufferPointer { v in
                        var call = annie_train_attention(
                            precision: precision, segments: segments.baseAddress, segment_count: segments.count,
                            rows: rows, heads: plain.heads, kv_heads: plain.kvHeads, head_dim: plain.headDim,
                            scale: Float(plain.scale), q: q.baseAddress, k: k.baseAddress, v: v.baseAddress, ldq: ldq,
                            ldk: ldk, ldv: ldk)
                        let scratch = Aligned(annie_train_attention_scratch_size(&call))
                        annie_train_attention_forward(pool, &call, &out, ldq, &logSumExp, scratch.pointer)
                        let more = Aligned(annie_train_attention_backward_scratch_size(&call))
                        annie_train_attention_backward(
                            pool, &call, &dq, &dk, &dv, dout, ldq, out, ldq, logSumExp, more.pointer)
                    }
                }
            }
        }
        return (out, dq, dk, dv)
    }
}
