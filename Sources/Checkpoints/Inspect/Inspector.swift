import Foundation
import JSON

/// Looks through a checkpoint directory: what it holds, and whether that is what its configuration says.
public struct Inspector: Sendable {
    private let directory: URL
    private let checkpoint: Checkpoint

    /// Maps the weights.
    ///
    /// - Throws: ``CheckpointError`` when they cannot be read at all; what is merely wrong is a problem of the inspection.
    public init(directory: URL) throws(CheckpointError) {
        self.directory = directory
        checkpoint = try Checkpoint(directory: directory)
    }

    /// Everything about the checkpoint.
    public func inspect() -> Inspection {
        var inspection = Inspection()
        addTensors(&inspection)
        let model = parsed(&inspection) { () throws(CheckpointError) in try ModelConfiguration(directory: directory) }
        inspection.modelType = model?.modelType ?? ""
        let quantization =
            parsed(&inspection) { () throws(CheckpointError) in try QuantizationConfiguration.load(from: directory) }
            ?? nil
        inspection.quantization = quantization.map { configuration in
            configuration.algorithm.rawValue + (configuration.producer.map { " (\($0))" } ?? "")
        }
        addLinears(&inspection)
        if let model { inspection.problems += ShapeRules(model).problems(in: checkpoint, linears: inspection.linears) }
        let rules = QuantizationRules(
            checkpoint: checkpoint, configuration: quantization, modelOptFile: modelOptFile(&inspection))
        inspection.problems += rules.problems()
        inspection.warnings += rules.warnings()
        return inspection
    }

    // MARK: Tensors

    private func addTensors(_ inspection: inout Inspection) {
        for file in checkpoint.files {
            let name = URL(filePath: file.path).lastPathComponent
            inspection.files.append(
                Inspection.File(
                    name: name, size: file.size, headerSize: file.headerSize, tensorCount: file.names.count))
            for tensor in file.names.compactMap({ file.find($0) }) {
                inspection.tensors.append(
                    Inspection.Tensor(
                        name: tensor.name, file: name, dataType: tensor.dataType, shape: tensor.shape,
                        byteCount: tensor.byteCount))
            }
        }
        inspection.tensors.sort { $0.name.naturallyPrecedes($1.name) }
        inspection.byteCount = inspection.tensors.reduce(0) { $0 + $1.byteCount }
    }

    /// Matrices with their scales, and the count of all weights.
    private func addLinears(_ inspection: inout Inspection) {
        var modules: [String] = []
        for tensor in inspection.tensors {
            if let module = tensor.name.moduleOfWeight ?? tensor.name.moduleOfPackedWeight, tensor.shape.count == 2 {
                modules.append(module)
            } else if !QuantizationRules.isScale(tensor.name) {
                inspection.parameterCount += tensor.shape.reduce(1, *)
            }
        }
        for module in modules {
            guard let (rows, columns) = checkpoint.matrixShape(module) else { continue }
            inspection.parameterCount += rows * columns
            do throws(CheckpointError) {
                let weights = try checkpoint.linear(module, rows: rows, columns: columns)
                inspection.linears.append(
                    Inspection.Linear(
                        name: module, format: weights.formatName, shape: [rows, columns], byteCount: weights.byteCount))
            } catch {
                inspection.problems.append(error.withoutFile)
            }
        }
    }

    // MARK: Configuration

    private func parsed<Value>(
        _ inspection: inout Inspection, _ body: () throws(CheckpointError) -> Value
    ) -> Value? {
        do throws(CheckpointError) { return try body() } catch {
            inspection.problems.append(error.withoutFile)
            return nil
        }
    }

    private func modelOptFile(_ inspection: inout Inspection) -> JSONValue? {
        let url = directory.appendingPathComponent(QuantizationConfiguration.modelOptFileName)
        return parsed(&inspection) { () throws(CheckpointError) in try JSONFile.readIfPresent(url) } ?? nil
    }
}

extension CheckpointError {
    /// The error without the path, which the reader of an inspection knows; the file's name stays where it matters.
    var withoutFile: String {
        let name = URL(filePath: file).lastPathComponent
        return tensor.map { "\($0): \(message)" } ?? "\(name): \(message)"
    }
}

extension LinearWeights {
    /// What the format is called in reports.
    public var formatName: String {
        switch self {
        case .dense(let view): view.dataType.rawValue
        case .nvfp4: "NVFP4"
        case .int8: "INT8"
        }
    }
}

extension String {
    var moduleOfPackedWeight: String? {
        hasSuffix(".weight_packed") ? String(dropLast(".weight_packed".count)) : nil
    }
}

extension Checkpoint {
    /// Output and input features of a module's matrix, from the tensors alone.
    func matrixShape(_ module: String) -> (rows: Int, columns: Int)? {
        guard let weight = find(module + ".weight_packed") ?? find(module + ".weight"), weight.shape.count == 2 else {
            return nil
        }
        return (weight.shape[0], weight.dataType == .uint8 ? weight.shape[1] * 2 : weight.shape[1])
    }
}
