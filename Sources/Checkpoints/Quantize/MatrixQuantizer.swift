import Foundation
import NVFP4

/// Quantises one matrix, part by part, in memory that does not grow with it.
struct MatrixQuantizer {
    let source: TensorView
    let threads: Int
    /// Values that are converted before they are written.
    static let valuesPerSlab = 1 << 24
    /// Values that one thread works on at a time: they stay in its cache.
    static let valuesPerChunk = 1 << 16

    private var rows: Int { source.shape[0] }
    private var columns: Int { source.shape[1] }

    /// The largest magnitude.
    ///
    /// - Throws: ``CheckpointError`` when a value is not finite.
    func amax() throws(CheckpointError) -> Float {
        let chunk = rowsPerChunk
        let source = source
        let rows = rows
        let values = ParallelChunks.map(count: (rows + chunk - 1) / chunk, threads: threads) { index in
            Self.withValues(source.rows(index * chunk..<min((index + 1) * chunk, rows))) { NVFP4Format.amax($0, $1) }
        }
        let amax = values.contains(where: \.isNaN) ? .nan : values.reduce(0, max)
        guard amax.isFinite else {
            throw source.failure(.malformed, "has a value that is not finite, so it cannot be quantised")
        }
        return amax
    }

    /// Quantises to NVFP4, handing over codes and scales of consecutive rows.
    ///
    /// - Parameter blockScales: rows x columns / 16 e4m3 bytes to use, where the method shall not choose them.
    func nvfp4(
        tensorScale: Float, method: NVFP4Method, blockScales: [UInt8]? = nil,
        write: (_ codes: UnsafeRawBufferPointer, _ scales: UnsafeRawBufferPointer) throws(CheckpointError) -> Void
    ) throws(CheckpointError) -> NVFP4ErrorStatistics {
        let columns = columns
        return try slabs(
            codeBytes: { $0 * columns / 2 }, scaleBytes: { $0 * columns / NVFP4Format.blockSize }, write: write
        ) {
            if let blockScales {
                let first = $0 * columns / NVFP4Format.blockSize
                $3.copyBytes(from: blockScales[first..<first + $3.count])
                return Self.nvfp4($1, tensorScale: tensorScale, method: nil, codes: $2, scales: $3)
            }
            return Self.nvfp4($1, tensorScale: tensorScale, method: method, codes: $2, scales: $3)
        }
    }

    /// Quantises to int8 with a bf16 scale per row and 64 columns.
    func int8(
        write: (_ values: UnsafeRawBufferPointer, _ scales: UnsafeRawBufferPointer) throws(CheckpointError) -> Void
    ) throws(CheckpointError) -> NVFP4ErrorStatistics {
        let columns = columns
        let blocks = Int8Blocks.count(columns)
        return try slabs(codeBytes: { $0 * columns }, scaleBytes: { $0 * blocks * 2 }, write: write) {
            Int8Blocks.quantize($1, values: $2, scales: $3)
        }
    }

    private var rowsPerChunk: Int { max(1, Self.valuesPerChunk / max(columns, 1)) }

    /// Runs over the matrix in slabs, and in each slab over chunks on several threads; a chunk is known by its first row.
    private func slabs(
        codeBytes: @escaping @Sendable (Int) -> Int, scaleBytes: @escaping @Sendable (Int) -> Int,
        write: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(CheckpointError) -> Void,
        convert:
            @escaping @Sendable (
                Int, TensorView, UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer
            ) -> NVFP4ErrorStatistics
    ) throws(CheckpointError) -> NVFP4ErrorStatistics {
        var statistics = NVFP4ErrorStatistics()
        let slabRows = min(rows, max(1, Self.valuesPerSlab / columns))
        let codes = UnsafeMutableRawBufferPointer.allocate(byteCount: codeBytes(slabRows), alignment: 64)
        let scales = UnsafeMutableRawBufferPointer.allocate(byteCount: scaleBytes(slabRows), alignment: 64)
        defer {
            codes.deallocate()
            scales.deallocate()
        }
        for start in stride(from: 0, to: rows, by: slabRows) {
            let slab = source.rows(start..<min(start + slabRows, rows))
            let chunk = rowsPerChunk
            let count = slab.shape[0]
            nonisolated(unsafe) let (allCodes, allScales) = (codes, scales)
            let parts = ParallelChunks.map(count: (count + chunk - 1) / chunk, threads: threads) { index in
                let range = index * chunk..<min((index + 1) * chunk, count)
                return convert(
                    start + range.lowerBound, slab.rows(range),
                    .init(rebasing: allCodes[codeBytes(range.lowerBound)..<codeBytes(range.upperBound)]),
                    .init(rebasing: allScales[scaleBytes(range.lowerBound)..<scaleBytes(range.upperBound)]))
            }
            for part in parts { statistics.add(part) }
            try write(.init(rebasing: codes[..<codeBytes(count)]), .init(rebasing: scales[..<scaleBytes(count)]))
        }
        return statistics
    }

    /// - Parameter method: nil for scales that are given.
    private static func nvfp4(
        _ view: TensorView, tensorScale: Float, method: NVFP4Method?, codes: UnsafeMutableRawBufferPointer,
        scales: UnsafeMutableRawBufferPointer
    ) -> NVFP4ErrorStatistics {
        let (rows, columns) = (view.shape[0], view.shape[1])
        withValues(view) { values, type in
            guard let method else {
                return NVFP4Format.quantize(
                    values, type, rows: rows, columns: columns, tensorScale: tensorScale,
                    blockScales: UnsafeRawBufferPointer(scales), codes: codes)
            }
            NVFP4Format.quantize(
                values, type, rows: rows, columns: columns, tensorScale: tensorScale, method: method, codes: codes,
                scales: scales)
        }
        return statistics(view) { quantized in
            NVFP4Format.dequantize(
                codes: UnsafeRawBufferPointer(codes), scales: UnsafeRawBufferPointer(scales), rows: rows,
                columns: columns,
                tensorScale: tensorScale, into: UnsafeMutableRawBufferPointer(quantized), .float32)
        }
    }

    /// Compares a part with what became of it.
    static func statistics(
        _ view: TensorView, dequantize: (UnsafeMutableBufferPointer<Float>) -> Void
    ) -> NVFP4ErrorStatistics {
        var statistics = NVFP4ErrorStatistics()
        withUnsafeTemporaryAllocation(of: Float.self, capacity: view.elementCount * 2) { buffer in
            let original = UnsafeMutableBufferPointer(rebasing: buffer[..<view.elementCount])
            let quantized = UnsafeMutableBufferPointer(rebasing: buffer[view.elementCount...])
            view.copyFloats(into: original)
            dequantize(quantized)
            statistics.add(original: UnsafeBufferPointer(original), quantized: UnsafeBufferPointer(quantized))
        }
        return statistics
    }

    /// The values of a dense matrix in a type that the kernels read; f16 is widened.
    private static func withValues<Result>(
        _ view: TensorView, _ body: (UnsafeRawBufferPointer, NVFP4ElementType) -> Result
    ) -> Result {
        switch view.dataType {
        case .bfloat16: return view.withUnsafeBytes { body($0, .bfloat16) }
        case .float32: return view.withUnsafeBytes { body($0, .float32) }
        default:
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: view.elementCount) { buffer in
                view.copyFloats(into: buffer)
                return body(UnsafeRawBufferPointer(buffer), .float32)
            }
        }
    }
}
