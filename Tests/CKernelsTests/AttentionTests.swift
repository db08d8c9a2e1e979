import CKernels
import Testing

private let formats = [ANNIE_KV_F32, ANNIE_KV_BF16, ANNIE_KV_INT8]
private let tolerances = [ANNIE_KV_F32.rawValue: 1e-6, ANNIE_KV_BF16.rawValue: 6e-3, ANNIE_KV_INT8.rawValue: 2e-2]
private let headShapes: [(heads: Int, kvHeads: Int, headDim: Int)] = [
    (9, 3, 64), (4, 4, 16), (7, 1, 48), (2, 1, 128), (5, 1, 208), (8, 2, 256),
]

extension Kernels {
    @Suite struct Attention {
        @Test(arguments: formats)
        func attentionIsCloseToDoublePrecisionAtEveryBorder(format: annie_kv_format) {
            var generator = SeededGenerator(30)
            let pool = Pool(threads: 2)
            let limit = tolerances[format.rawValue] ?? 0
            for (index, keys) in [1, 63, 64, 65, 255, 256, 257, 1000].enumerated() {
                let shape = headShapes[index % headShapes.count]
                let sequence = StoredSequence(
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
                let sequence = StoredSequence(
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
                let clean = StoredSequence(
                    format, length: length, heads: 6, kvHeads: 2, headDim: 64, generator: &first)
                let stale = StoredSequence(
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
                StoredSequence(format, length: max($0, 1), heads: 6, kvHeads: 3, headDim: 64, generator: &generator)
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
