import CKernels
import Testing

extension Kernels {
    @Suite struct Packing {
        @Test func matricesPackedAtTheirTilesActAsOne() {
            var generator = SeededGenerator(20)
            let columns = 160
            let parts = [32, 16, 20].map { generator.normals($0 * columns) }
            let rows = [32, 16, 20]
            let whole = AlignedBuffer(annie_packed_size(ANNIE_WEIGHT_F32, 68, columns))
            var tile = 0
            for (part, count) in zip(parts, rows) {
                annie_pack_f32(nil, whole.bytes, tile, part, count, columns)
                tile += (count + 15) / 16
            }
            let together = AlignedBuffer(whole.count)
            annie_pack_f32(nil, together.bytes, 0, parts.flatMap { $0 }, 68, columns)
            #expect(
                UnsafeRawBufferPointer(start: whole.bytes, count: whole.count)
                    .elementsEqual(UnsafeRawBufferPointer(start: together.bytes, count: together.count)))
        }

        @Test(arguments: [16, 48, 64, 208])
        func nvfp4RowsDecodeToWhatModelOptsBytesMean(columns: Int) {
            var generator = SeededGenerator(21)
            let rows = 37
            let codes = (0..<rows * columns / 2).map { _ in UInt8.random(in: 0...255, using: &generator) }
            // Negative scales too: they are in no checkpoint we know, but nothing forbids them.
            let scales = (0..<rows * columns / 16).map { _ in
                UInt8.random(in: 0...0x7E, using: &generator) | (Bool.random(using: &generator) ? 0x80 : 0)
            }
            let packed = AlignedBuffer(annie_packed_size(ANNIE_WEIGHT_NVFP4, rows, columns))
            annie_pack_nvfp4(nil, packed.bytes, 0, codes, scales, rows, columns)
            var expected = [Float](repeating: 0, count: rows * columns)
            annie_nvfp4_dequantize(nil, &expected, false, codes, scales, rows, columns, 1)
            var row = [Float](repeating: 0, count: columns)
            let ones = [Float](repeating: 1, count: 3)
            for r in 0..<rows {
                annie_packed_row_f32(&row, ANNIE_WEIGHT_NVFP4, packed.bytes, r, columns, ones)
                #expect(row == Array(expected[r * columns..<(r + 1) * columns]))
            }
        }

        @Test func int8WeightsAreWithinHalfAStep() {
            var generator = SeededGenerator(22)
            let (rows, columns) = (19, 130)
            let weights = bf16(generator.normals(rows * columns))
            let packed = AlignedBuffer(annie_packed_size(ANNIE_WEIGHT_INT8, rows, columns))
            annie_pack_int8_from_bf16(nil, packed.bytes, 0, weights, rows, columns)
            var row = [Float](repeating: 0, count: columns)
            for r in 0..<rows {
                annie_packed_row_f32(&row, ANNIE_WEIGHT_INT8, packed.bytes, r, columns, nil)
                for first in stride(from: 0, to: columns, by: 64) {
                    let group = (first..<min(first + 64, columns)).map { float(bf16: weights[r * columns + $0]) }
                    let amax = group.map(abs).max() ?? 0
                    for (k, value) in group.enumerated() {
                        // A step is amax/127, rounded to bf16.
                        #expect(abs(row[first + k] - value) <= amax / 127 * 0.51 + amax * 0.004)
                    }
                }
            }
        }

        @Test func packingWithThreadsGivesTheSameBytes() {
            var generator = SeededGenerator(23)
            let pool = Pool(threads: 3)
            for format in weightFormats {
                var copy = generator
                let alone = PackedMatrix(format, rows: 100, columns: 144, generator: &generator)
                let shared = PackedMatrix(format, rows: 100, columns: 144, generator: &copy, pool: pool.pointer)
                #expect(
                    UnsafeRawBufferPointer(start: alone.packed.bytes, count: alone.packed.count)
                        .elementsEqual(
                            UnsafeRawBufferPointer(start: shared.packed.bytes, count: shared.packed.count)))
            }
        }
    }
}
