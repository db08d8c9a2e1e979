import CKernels
import Foundation

/// Keys and values of one sequence in pages, with queries.
final class StoredSequence {
    let format: annie_kv_format
    let heads: Int
    let kvHeads: Int
    let headDim: Int
    let length: Int
    let q: [Float]
    let k: [Float]
    let v: [Float]
    let pages: [AlignedBuffer]

    /// Random numbers; `change` may replace some keys and values before they are stored.
    init(
        _ format: annie_kv_format, length: Int, heads: Int, kvHeads: Int, headDim: Int,
        generator: inout SeededGenerator, stale: Bool = false,
        change: (inout [Float], inout [Float]) -> Void = { _, _ in }
    ) {
        self.format = format
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.length = length
        q = generator.normals(length * heads * headDim)
        var k = generator.normals(length * kvHeads * headDim)
        var v = generator.normals(length * kvHeads * headDim)
        change(&k, &v)
        self.k = k
        self.v = v
        pages = (0..<(length + 63) / 64).map { _ in AlignedBuffer(annie_page_size(format, kvHeads, headDim)) }
        if stale { pages.forEach { memset($0.bytes, 0xFF, $0.count) } }  // all NaN
        let width = kvHeads * headDim
        withPages { annie_kv_store(format, $0, kvHeads, headDim, 0, length, k, width, v, width) }
    }

    func withPages<Result>(_ body: (UnsafePointer<UnsafeMutableRawPointer?>) -> Result) -> Result {
        pages.map { Optional($0.bytes) }.withUnsafeBufferPointer { body($0.baseAddress!) }
    }

    var scale: Float { 1 / Float(headDim).squareRoot() }

    /// The outputs of rows start ..< start + rows, computed together.
    func attend(_ start: Int, _ rows: Int, pool: OpaquePointer? = nil) -> [Float] {
        withPages { pages in
            var segment = annie_attention_segment(pages: pages, first_row: 0, rows: rows, start: start)
            let width = heads * headDim
            let scratch = AlignedBuffer(annie_attention_scratch_size(&segment, 1, heads, kvHeads, headDim))
            var out = [Float](repeating: .nan, count: rows * width)
            q.withUnsafeBufferPointer {
                annie_attention(
                    pool, format, &segment, 1, $0.baseAddress! + start * width, width, &out, width, heads, kvHeads,
                    headDim, scale, scratch.bytes)
            }
            return out
        }
    }

    /// The outputs of one row in double precision.
    func reference(row: Int) -> [Double] {
        (0..<heads).flatMap { head -> [Double] in
            let kv = head / (heads / kvHeads)
            let query = (row * heads + head) * headDim
            let scores = (0...row).map { j in
                (0..<headDim).reduce(0.0) { $0 + Double(q[query + $1]) * Double(k[(j * kvHeads + kv) * headDim + $1]) }
                    * Double(scale)
            }
            let top = scores.max() ?? 0
            let p = scores.map { exp($0 - top) }
            let sum = p.reduce(0, +)
            return (0..<headDim).map { d in
                (0...row).reduce(0.0) { $0 + p[$1] * Double(v[($1 * kvHeads + kv) * headDim + d]) } / sum
            }
        }
    }
}
