import Dispatch

extension GGUFFile {
    /// The values of a tensor in row-major order, times its scale if it has one (see ``scale(of:)``).
    public func float32(_ tensor: GGUFTensor) throws(GGUFError) -> [Float] {
        let scale = try scale(of: tensor)
        return [Float](unsafeUninitializedCapacity: tensor.elementCount) { buffer, count in
            decode(tensor, scale: scale, into: Float32Sink(values: buffer.baseAddress!))
            count = tensor.elementCount
        }
    }

    /// The values of a tensor rounded to bf16 bit patterns, times its scale if it has one.
    public func bfloat16(_ tensor: GGUFTensor) throws(GGUFError) -> [UInt16] {
        let scale = try scale(of: tensor)
        return [UInt16](unsafeUninitializedCapacity: tensor.elementCount) { buffer, count in
            decode(tensor, scale: scale, into: BFloat16Sink(values: buffer.baseAddress!))
            count = tensor.elementCount
        }
    }

    /// The factor in a sidecar tensor `NAME.scale` beside `NAME.weight`, 1 where there is none.
    ///
    /// llama.cpp keeps the second scale of an NVFP4 tensor there, because its blocks have no room for it.
    public func scale(of tensor: GGUFTensor) throws(GGUFError) -> Float {
        guard tensor.name.hasSuffix(".weight"),
            let sidecar = self.tensor(named: tensor.name.dropLast(".weight".count) + ".scale")
        else { return 1 }
        guard sidecar.type == .f32, sidecar.elementCount == 1 else {
            throw .wrongShape(tensor: sidecar.name, expected: [1], found: sidecar.shape)
        }
        return withBytes(of: sidecar) { Float(bitPattern: $0.loadUnaligned(as: UInt32.self)) }
    }

    private func decode(_ tensor: GGUFTensor, scale: Float, into sink: some DecodingSink) {
        withBytes(of: tensor) { bytes in
            switch tensor.type {
            case .f32: decodeBlocks(Float32Block.self, bytes, scale, sink)
            case .f16: decodeBlocks(Float16Block.self, bytes, scale, sink)
            case .bf16: decodeBlocks(BFloat16Block.self, bytes, scale, sink)
            case .q4_0: decodeBlocks(Q4_0Block.self, bytes, scale, sink)
            case .q4_1: decodeBlocks(Q4_1Block.self, bytes, scale, sink)
            case .q5_0: decodeBlocks(Q5_0Block.self, bytes, scale, sink)
            case .q5_1: decodeBlocks(Q5_1Block.self, bytes, scale, sink)
            case .q8_0: decodeBlocks(Q8_0Block.self, bytes, scale, sink)
            case .q4_K: decodeBlocks(Q4_KBlock.self, bytes, scale, sink)
            case .q5_K: decodeBlocks(Q5_KBlock.self, bytes, scale, sink)
            case .q6_K: decodeBlocks(Q6_KBlock.self, bytes, scale, sink)
            case .mxfp4: decodeBlocks(MXFP4Block.self, bytes, scale, sink)
            case .nvfp4: decodeBlocks(NVFP4Block.self, bytes, scale, sink)
            }
        }
    }
}

/// Where decoded values go, a run at a time. `@unchecked` in the conformances: runs are disjoint.
private protocol DecodingSink: Sendable {
    /// Decodes blocks `range` of `bytes`.
    func write<Block: GGUFBlock>(_ type: Block.Type, _ range: Range<Int>, _ bytes: BlockBytes)
}

/// The encoded side of a decoding. `@unchecked`: the bytes are only read.
private struct BlockBytes: @unchecked Sendable {
    let base: UnsafePointer<UInt8>
    let scale: Float
}

private struct Float32Sink: DecodingSink, @unchecked Sendable {
    let values: UnsafeMutablePointer<Float>

    func write<Block: GGUFBlock>(_ type: Block.Type, _ range: Range<Int>, _ bytes: BlockBytes) {
        let (elements, size) = (Block.type.blockElements, Block.type.blockBytes)
        for block in range {
            Block.decode(bytes.base + block &* size, scale: bytes.scale, into: values + block &* elements)
        }
    }
}

private struct BFloat16Sink: DecodingSink, @unchecked Sendable {
    let values: UnsafeMutablePointer<UInt16>

    func write<Block: GGUFBlock>(_ type: Block.Type, _ range: Range<Int>, _ bytes: BlockBytes) {
        let (elements, size) = (Block.type.blockElements, Block.type.blockBytes)
        // Decoded in cache, a run of 1024 values at a time, so that the rounding loop is long enough to vectorise.
        let run = 1024 / elements
        withUnsafeTemporaryAllocation(of: Float.self, capacity: run * elements) { scratch in
            let floats = scratch.baseAddress!
            var block = range.lowerBound
            while block < range.upperBound {
                let count = min(run, range.upperBound - block)
                for offset in 0..<count {
                    let source = bytes.base + (block &+ offset) &* size
                    Block.decode(source, scale: bytes.scale, into: floats + offset &* elements)
                }
                let out = values + block &* elements
                for index in 0..<count &* elements { out[index] = bfloat16(floats[index]) }
                block += count
            }
        }
    }
}

/// Spreads the blocks over the cores in runs that amount to some tens of microseconds.
private func decodeBlocks<Block: GGUFBlock>(
    _ type: Block.Type, _ bytes: UnsafeRawBufferPointer, _ scale: Float, _ sink: some DecodingSink
) {
    let count = bytes.count / Block.type.blockBytes
    let run = (1 << 16) / Block.type.blockElements
    let source = BlockBytes(base: bytes.assumingMemoryBound(to: UInt8.self).baseAddress!, scale: scale)
    DispatchQueue.concurrentPerform(iterations: (count + run - 1) / run) { index in
        sink.write(type, index * run..<min((index + 1) * run, count), source)
    }
}
