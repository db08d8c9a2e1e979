import Foundation
import NVFP4

extension Quantizer {
    /// Bytes that are copied at a time.
    private static let copySize = 1 << 24

    func writeWeights(
        to staged: StagedDirectory, _ report: inout QuantizationReport, _ progress: (QuantizationProgress) -> Void
    ) throws(CheckpointError) {
        let shards = ShardPlan(declarations(), shardSize: options.shardSize)
        var writers: [SafetensorsWriter] = []
        var writerOfTensor: [String: SafetensorsWriter] = [:]
        for (name, shard) in zip(shards.names, shards.shards) {
            let writer = try SafetensorsWriter(url: staged.url.appendingPathComponent(name), tensors: shard)
            for tensor in shard { writerOfTensor[tensor.name] = writer }
            writers.append(writer)
        }
        let output = Output(writers: writerOfTensor)
        var done = 0
        func advance(_ tensor: TensorView, as name: String) {
            done += tensor.byteCount
            progress(QuantizationProgress(tensor: name, completedBytes: done, totalBytes: totalBytes))
        }
        for group in groups() {
            let scales = try scales(of: group)
            for linear in group {
                let error = try writeNVFP4(linear, scales, to: output)
                report.add(linear, format: "NVFP4", error)
                advance(linear.source, as: linear.module)
            }
        }
        if let head = plan.int8Head {
            report.add(head, format: "INT8", try writeInt8(head, to: output))
            advance(head.source, as: head.module)
        }
        for tensor in plan.copies {
            try copy(tensor, to: output)
            advance(tensor, as: tensor.name)
        }
        for writer in writers { try writer.finish() }
        if let index = shards.index { try staged.write(index.text(.pretty) + "\n", to: Checkpoint.indexFile) }
        report.outputBytes = writers.reduce(0) { $0 + $1.size }
    }

    /// Where each tensor's bytes go.
    private struct Output {
        let writers: [String: SafetensorsWriter]

        func append(_ bytes: UnsafeRawBufferPointer, to name: String) throws(CheckpointError) {
            guard let writer = writers[name] else {
                throw CheckpointError(.malformed, file: name, "was not declared")
            }
            try writer.append(bytes, to: name)
        }

        func append(_ value: Float, to name: String) throws(CheckpointError) {
            guard let writer = writers[name] else {
                throw CheckpointError(.malformed, file: name, "was not declared")
            }
            try writer.append(withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init), to: name)
        }
    }

    private var totalBytes: Int {
        (plan.linears + [plan.int8Head].compactMap(\.self)).reduce(0) { $0 + $1.source.byteCount }
            + plan.copies.reduce(0) { $0 + $1.byteCount }
    }

    // MARK: What is written

    /// Declarations module by module, in the order of the layers.
    private func declarations() -> [[TensorDeclaration]] {
        var modules = plan.linears.map { linear in
            (
                linear.module,
                [
                    TensorDeclaration("\(linear.module).weight", .uint8, [linear.rows, linear.columns / 2]),
                    TensorDeclaration(
                        "\(linear.module).weight_scale", .float8E4M3,
                        [linear.rows, linear.columns / NVFP4Format.blockSize]),
                    TensorDeclaration("\(linear.module).weight_scale_2", .float32, []),
                    TensorDeclaration("\(linear.module).input_scale", .float32, []),
                ]
            )
        }
        if let head = plan.int8Head {
            modules.append(
                (
                    head.module,
                    [
                        TensorDeclaration("\(head.module).weight", .int8, [head.rows, head.columns]),
                        TensorDeclaration(
                            "\(head.module).weight_scale", .bfloat16, [head.rows, Int8Blocks.count(head.columns)]),
                    ]
                ))
        }
        modules += plan.copies.map { ($0.name, [TensorDeclaration($0.name, $0.dataType, $0.shape)]) }
        return modules.sorted { $0.0.naturallyPrecedes($1.0) }.map(\.1)
    }

    /// Linears that share scales, beside each other.
    private func groups() -> [[QuantizationPlan.Linear]] {
        var groups: [[QuantizationPlan.Linear]] = []
        for linear in plan.linears {
            if groups.last?.first?.group == linear.group {
                groups[groups.count - 1].append(linear)
            } else {
                groups.append([linear])
            }
        }
        return groups
    }

    private struct Scales {
        let tensor: Float
        let input: Float
    }

    /// One tensor scale and one input scale for a whole group.
    private func scales(of group: [QuantizationPlan.Linear]) throws(CheckpointError) -> Scales {
        var amax: Float = 0
        var inputAmax: Float = 0
        for linear in group {
            // Measured even where it is settled: it also finds weights that are not finite.
            let measured = try MatrixQuantizer(source: linear.source, threads: options.threads).amax()
            amax = max(amax, options.weightAmax?[linear.module] ?? measured)
            if let measured = options.inputAmax?[linear.module], measured.isFinite {
                inputAmax = max(inputAmax, measured)
            }
        }
        if inputAmax <= 0 { inputAmax = QuantizationOptions.defaultInputAmax }
        return Scales(
            tensor: NVFP4Format.tensorScale(amax: amax, method: options.method),
            input: NVFP4Format.tensorScale(amax: inputAmax))
    }

    // MARK: Writing

    private func writeNVFP4(
        _ linear: QuantizationPlan.Linear, _ scales: Scales, to output: Output
    ) throws(CheckpointError) -> NVFP4ErrorStatistics {
        let blockScales = options.blockScales?[linear.module]
        let blocks = linear.rows * linear.columns / NVFP4Format.blockSize
        guard blockScales == nil || blockScales?.count == blocks else {
            throw linear.source.failure(
                .mismatched, "has \(blocks) blocks, found scales of \(blockScales?.count ?? 0); give each block one")
        }
        try output.append(scales.tensor, to: "\(linear.module).weight_scale_2")
        try output.append(scales.input, to: "\(linear.module).input_scale")
        return try MatrixQuantizer(source: linear.source, threads: options.threads).nvfp4(
            tensorScale: scales.tensor, method: options.method, blockScales: blockScales
        ) { codes, blockScales throws(CheckpointError) in
            try output.append(codes, to: "\(linear.module).weight")
            try output.append(blockScales, to: "\(linear.module).weight_scale")
        }
    }

    private func writeInt8(_ linear: QuantizationPlan.Linear, to output: Output) throws(CheckpointError)
        -> NVFP4ErrorStatistics
    {
        let quantizer = MatrixQuantizer(source: linear.source, threads: options.threads)
        _ = try quantizer.amax()
        return try quantizer.int8 { values, scales throws(CheckpointError) in
            try output.append(values, to: "\(linear.module).weight")
            try output.append(scales, to: "\(linear.module).weight_scale")
        }
    }

    private func copy(_ tensor: TensorView, to output: Output) throws(CheckpointError) {
        try tensor.withUnsafeBytes { bytes throws(CheckpointError) in
            for start in stride(from: 0, to: bytes.count, by: Self.copySize) {
                let part = bytes[start..<min(start + Self.copySize, bytes.count)]
                try output.append(UnsafeRawBufferPointer(rebasing: part), to: tensor.name)
            }
        }
    }
}

extension QuantizationReport {
    fileprivate mutating func add(_ linear: QuantizationPlan.Linear, format: String, _ error: NVFP4ErrorStatistics) {
        tensors.append(Tensor(name: linear.module, format: format, shape: linear.source.shape, error: error))
        total.add(error)
    }
}
