import Checkpoints
import Foundation
import JSON

// Checkpoints of a run: masters, moments, scales and the place in the data, so that the next step is exactly the one that
// would have followed.
extension Trainer {
    private static let stateFile = "state.safetensors"
    private static let runFile = "trainer.json"
    private static let kinds = ["values", "first", "second"]

    /// Writes a checkpoint of the run; it appears under its name only when it is complete, and an older one of that name
    /// goes away only then.
    ///
    /// - Throws: `CheckpointError` when the disk is full or cannot be written; an older checkpoint stays whole.
    public func save(to directory: URL) throws {
        let staged = try StagedDirectory(for: directory, overwrites: true)
        let state = state
        let writer = try SafetensorsWriter(
            url: staged.url.appending(path: Self.stateFile), tensors: state.map(\.declaration))
        for (tensor, values) in state { try writer.append(UnsafeRawBufferPointer(values), to: tensor.name) }
        try writer.finish()
        try staged.write(description.text(.pretty) + "\n", to: Self.runFile)
        try staged.commit()
    }

    /// Every tensor that is saved, and where its values are.
    private var state: [(declaration: TensorDeclaration, values: UnsafeMutableBufferPointer<Float>)] {
        blocks.flatMap { block in
            zip(Self.kinds, [block.values, block.first, block.second]).flatMap { kind, values in
                block.parameters.map {
                    (
                        TensorDeclaration("\(kind).\($0.name)", .float32, $0.shape),
                        UnsafeMutableBufferPointer(start: values + $0.range.lowerBound, count: $0.range.count)
                    )
                }
            }
        }
    }

    private var description: JSONValue {
        [
            "format": 1, "step": .integer(stepsTaken), "bookmark": bookmark,
            "weight_amax": Self.bits(quantization?.weightAmax ?? [:]),
            "input_amax": Self.bits(quantization?.inputAmax ?? [:]),
        ]
    }

    /// Goes on from a checkpoint of a run with the same model and options.
    ///
    /// - Throws: `CheckpointError` or ``TrainingError`` when it is not one, or belongs to another model or another kind of
    ///   run; then nothing has changed.
    public func resume(from directory: URL) throws {
        let run = try JSONFile.read(directory.appending(path: Self.runFile))
        guard run["format"]?.integer == 1, let step = run["step"]?.integer, step >= 0 else {
            throw TrainingError.badCheckpoint(
                "\(directory.path) is not a checkpoint of a run: its \(Self.runFile) has no format 1 and step")
        }
        let file = try SafetensorsFile(path: directory.appending(path: Self.stateFile).path)
        let state = state
        guard file.names.count == state.count else {
            throw TrainingError.badCheckpoint(
                "\(directory.path) has the state of \(file.names.count / Self.kinds.count) tensors, this run trains "
                    + "\(state.count / Self.kinds.count); resume with the options that the run was started with")
        }
        let tensors = try state.map { declaration, values in
            let tensor = try file.tensor(declaration.name)
            try tensor.requireShape(declaration.shape, because: "the model and options of this run")
            guard tensor.dataType == .float32 else {
                throw tensor.failure(.mismatched, "found type \(tensor.dataType.rawValue), expected F32")
            }
            return (tensor, values)
        }
        let (weightAmax, inputAmax) = (try Self.amax(run["weight_amax"]), try Self.amax(run["input_amax"]))
        for (tensor, values) in tensors {
            tensor.copyFloats(into: values)
        }
        quantization?.restore(weightAmax: weightAmax, inputAmax: inputAmax)
        stepsTaken = step
        bookmark = run["bookmark"] ?? nil
        weights.invalidateAll()
    }

    /// Floats as their bits, so that they come back exactly.
    static func bits(_ values: [String: Float]) -> JSONValue {
        .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int($0.value.bitPattern))) }))
    }

    static func amax(_ json: JSONValue?) throws(TrainingError) -> [String: Float] {
        var result: [String: Float] = [:]
        for (module, bits) in json?.object ?? JSONObject() {
            guard let bits = bits.integer, let pattern = UInt32(exactly: bits), Float(bitPattern: pattern).isFinite
            else {
                throw .badCheckpoint("the scale of \(module) is not a finite number; the file was damaged")
            }
            result[module] = Float(bitPattern: pattern)
        }
        return result
    }
}
