import CKernels
import Foundation
import Testing

/// Keys and values of one sequence in pages, with queries.
private final class Sequence {
    let format: annie_kv_format
    let heads: Int
    let kvHeads: Int
    let headDim: Int
    let length: Int
    let q: [Float]
    let k: [Float]
    let v: [Float]
    private let pages: [AlignedBuffer]

    init(
        _ format: annie_kv_format, length: Int, heads: Int, kvHeads: Int, headDim: Int,
        generator: inout SeededGenerator, stale: Bool = false
    ) {
        self.format = format
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.length = length
        q = generator.normals(length * heads * headDim)
        k = generator.normals(length * kvHeads * headDim)
        v = generator.normals(length * kvHeads * headDim)
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

private let formats = [ANNIE_KV_F32, ANNIE_KV_BF16]
private let headShapes: [(heads: Int, kvHeads: Int, headDim: Int)] = [
    (9, 3, 64), (4, 4, 16), (7, 1, 48), (2, 1, 128), (5, 1, 208), (8, 2, 256),
]

extension Kernels {
    @Suite struct Attention {
        @Test(arguments: formats)
        func attentionIsCloseToDoublePrecisionAtEveryBorder(format: annie_kv_format) {
            var generator = SeededGenerator(30)
            let pool = Pool(threads: 2)
            let limit = format == ANNIE_KV_F32 ? 1e-6 : 6e-3
            for (index, keys) in [1, 63, 64, 65, 255, 256, 257, 1000].enumerated() {
                let shape = headShapes[index % headShapes.count]
                let sequence = Sequence(
                    format, length: keys, heads: shape.heads, kvHeads: shape.kvHeads, headDim: shape.headDim,
                    generator: &generator)
                let width = shape.heads * shape.headDim
                let rows = [0, keys / 3, keys - 1]
                let expected = rows.map { sequence.reference(row: $0) }
                for isa in instructionSets {
                    Kernels.with(isa) {
                        let decoded = sequence.attend(keys - 1, 1, pool: pool.pointer)
                        #expect(relativeError(decoded, expected[2]) < limit, "\(keys) keys, \(isa)")
                        let prefilled = sequence.attend(0, keys, pool: pool.pointer)
                        for (row, reference) in zip(rows, expected) {
                            let part = Array(prefilled[row * width..<(row + 1) * width])
                            #expect(relativeError(part, reference) < limit, "\(keys) keys, row \(row), \(isa)")
                        }
                    }
                }
            }
        }

        @Test(arguments: formats)
        func aRowDoesNotDependOnTheChunkItIsPrefilledIn(format: annie_kv_format) {
            var generator = SeededGenerator(31)
            let pools = [nil, Pool(threads: 3)]
            for shape in headShapes {
                let sequence = Sequence(
                    format, length: 300, heads: shape.heads, kvHeads: shape.kvHeads, headDim: shape.headDim,
                    generator: &generator)
                for isa in instructionSets {
                    Kernels.with(isa) {
                        let whole = sequence.attend(0, 300).bitPatterns
                        for (index, step) in [1, 7, 64, 290].enumerated() {
                            let pieces = stride(from: 0, to: 300, by: step).flatMap { start in
                                sequence.attend(start, min(step, 300 - start), pool: pools[index % 2]?.pointer)
                            }
                            #expect(pieces.bitPatterns == whole, "\(shape), \(step) rows at once, \(isa)")
                        }
                    }
                }
            }
        }

        @Test(arguments: formats, [1, 2, 3, 50])
        func storingInPiecesFillsTheSamePages(format: annie_kv_format, step: Int) {
            var generator = SeededGenerator(34)
            let (length, heads, headDim) = (150, 2, 48)
            let width = heads * headDim
            let k = generator.normals(length * width)
            let v = generator.normals(length * width)
            func pages(step: Int) -> [[UInt8]] {
                let pages = (0..<3).map { _ in AlignedBuffer(annie_page_size(format, heads, headDim)) }
                let table = pages.map { Optional($0.bytes) }
                for start in stride(from: 0, to: length, by: step) {
                    let rows = min(step, length - start)
                    k.withUnsafeBufferPointer { k in
                        v.withUnsafeBufferPointer { v in
                            annie_kv_store(
                                format, table, heads, headDim, start, rows, k.baseAddress! + start * width, width,
                                v.baseAddress! + start * width, width)
                        }
                    }
                }
                return pages.map { Array(UnsafeRawBufferPointer(start: $0.bytes, count: $0.count)) }
            }
            #expect(pages(step: step) == pages(step: length))
        }

        @Test(arguments: formats, instructionSets)
        func whatLiesBeyondTheLastKeyDoesNotMatter(format: annie_kv_format, isa: annie_isa) {
            for length in [1, 5, 64, 129, 255] {
                var first = SeededGenerator(32)
                var second = SeededGenerator(32)
                let clean = Sequence(
                    format, length: length, heads: 6, kvHeads: 2, headDim: 64, generator: &first)
                let stale = Sequence(
                    format, length: length, heads: 6, kvHeads: 2, headDim: 64, generator: &second, stale: true)
                Kernels.with(isa) {
                    #expect(clean.attend(0, length).bitPatterns == stale.attend(0, length).bitPatterns)
                    #expect(clean.attend(length - 1, 1).bitPatterns == stale.attend(length - 1, 1).bitPatterns)
                }
            }
        }

        @Test(arguments: formats, instructionSets)
        func sequencesOfABatchDoNotMix(format: annie_kv_format, isa: annie_isa) {
            var generator = SeededGenerator(33)
            let lengths = [700, 3, 0, 300]
            let rows = [1, 3, 0, 40]
            let sequences = lengths.map {
                Sequence(format, length: max($0, 1), heads: 6, kvHeads: 3, headDim: 64, generator: &generator)
            }
            let width = 6 * 64
            Kernels.with(isa) {
                var q: [Float] = []
                var expected: [UInt32] = []
                for (sequence, (length, count)) in zip(sequences, zip(lengths, rows)) where count > 0 {
                    q += sequence.q[(length - count) * width..<length * width]
                    expected += sequence.attend(length - count, count).bitPatterns
                }
                let tables = sequences.map { sequence in
                    sequence.withPages { Array(UnsafeBufferPointer(start: $0, count: (sequence.length + 63) / 64)) }
                }
                let pointers = tables.map { table in
                    let copy = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: table.count)
                    copy.initialize(from: table, count: table.count)
                    return copy
                }
                defer { pointers.forEach { $0.deallocate() } }
                var first = 0
                let segments = (0..<4).map { i in
                    defer { first += rows[i] }
                    return annie_attention_segment(
                        pages: UnsafePointer(pointers[i]), first_row: first, rows: rows[i], start: lengths[i] - rows[i])
                }
                let pool = Pool(threads: 2)
                let scratch = AlignedBuffer(annie_attention_scratch_size(segments, 4, 6, 3, 64))
                var out = [Float](repeating: .nan, count: q.count)
                annie_attention(
                    pool.pointer, format, segments, 4, q, width, &out, width, 6, 3, 64, sequences[0].scale,
                    scratch.bytes)
                #expect(out.bitPatterns == expected)
            }
        }
    }
}
