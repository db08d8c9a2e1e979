import CSpeech
import Foundation

/// A model that is loaded and can be run.
final class OnnxSession {
    /// How far the graph is rewritten when it is loaded.
    enum Optimization: Int32 {
        /// For graphs of very many small operations, where rewriting takes longer than it ever saves.
        case none = 0
        case all = 99
    }

    let runtime: OnnxRuntime
    /// The names of its inputs, in the order in which ``run(_:)`` takes them.
    let inputNames: [String]
    /// The names of its outputs, in the order in which ``run(_:)`` gives them.
    let outputNames: [String]
    private let session: OpaquePointer
    private let inputPointers: [UnsafePointer<CChar>?]
    private let outputPointers: [UnsafePointer<CChar>?]

    /// The bytes of a model in the library's own format, which it reads its weights from as long as it is there.
    private let weights: Data?

    /// Loads a model from its bytes.
    ///
    /// One thread works on it: for models this small more do not pay (they were slower on two cores), and those that wait
    /// for work by spinning would take the core on which the language model thinks.
    init(_ model: Data, runtime: OnnxRuntime, optimization: Optimization = .all) throws(SpeechError) {
        var options: OpaquePointer?
        try runtime.check(ort_make_session_options(runtime.table, &options))
        defer { ort_release_session_options(runtime.table, options) }
        try runtime.check(ort_set_threads(runtime.table, options, 1))
        try runtime.check(ort_set_optimisation(runtime.table, options, optimization.rawValue))
        let isOwnFormat = ModelFile.isOwnFormat(model)
        if isOwnFormat {
            for entry in ["session.use_ort_model_bytes_directly", "session.use_ort_model_bytes_for_initializers"] {
                try runtime.check(ort_set_entry(runtime.table, options, entry, "1"))
            }
        }
        weights = isOwnFormat ? model : nil
        var session: OpaquePointer?
        let environment = runtime.environment
        let status = model.withUnsafeBytes { bytes in
            ort_make_session(runtime.table, environment, bytes.baseAddress, bytes.count, options, &session)
        }
        try runtime.check(status)
        guard let session else { throw .failed("no session was made") }
        self.session = session
        self.runtime = runtime
        do {
            inputNames = try Self.names(session, runtime, count: ort_count_inputs, name: ort_input_name)
            outputNames = try Self.names(session, runtime, count: ort_count_outputs, name: ort_output_name)
        } catch {
            ort_release_session(runtime.table, session)
            throw error
        }
        inputPointers = inputNames.map { UnsafePointer(strdup($0)) }
        outputPointers = outputNames.map { UnsafePointer(strdup($0)) }
    }

    deinit {
        ort_release_session(runtime.table, session)
        for pointer in inputPointers + outputPointers { free(UnsafeMutablePointer(mutating: pointer)) }
    }

    /// Runs the model: one tensor for each of ``inputNames``, and back one for each of ``outputNames``.
    func run(_ inputs: [Tensor]) throws(SpeechError) -> [Tensor] {
        precondition(inputs.count == inputNames.count)
        var outputs = [OpaquePointer?](repeating: nil, count: outputNames.count)
        let values = inputs.map { Optional($0.value) }
        let status = withExtendedLifetime(inputs) {
            ort_run(
                runtime.table, session, inputPointers, values, values.count, outputPointers, outputPointers.count,
                &outputs)
        }
        try runtime.check(status)
        return outputs.compactMap { $0.map { Tensor(taking: $0, of: runtime) } }
    }

    /// Refuses a model whose inputs or outputs are others than expected.
    func require(inputs: Set<String>, outputs: Set<String>, part: SpeechPart) throws(SpeechError) {
        guard inputs.isSubset(of: inputNames), outputs.isSubset(of: outputNames) else {
            throw .unusablePart(
                part,
                reason: "its inputs are \(inputNames.joined(separator: ", ")) and its outputs "
                    + "\(outputNames.joined(separator: ", ")), expected \(inputs.sorted().joined(separator: ", ")) and "
                    + outputs.sorted().joined(separator: ", "))
        }
    }

    private typealias Count = (UnsafePointer<ort_runtime>?, OpaquePointer?, UnsafeMutablePointer<Int>?) ->
        OpaquePointer?
    private typealias Name = (
        UnsafePointer<ort_runtime>?, OpaquePointer?, Int, UnsafeMutablePointer<CChar>?, Int
    ) -> OpaquePointer?

    private static func names(
        _ session: OpaquePointer, _ runtime: OnnxRuntime, count: Count, name: Name
    ) throws(SpeechError) -> [String] {
        var total = 0
        try runtime.check(count(runtime.table, session, &total))
        var names: [String] = []
        for index in 0..<total {
            var text = [CChar](repeating: 0, count: 256)
            try runtime.check(name(runtime.table, session, index, &text, text.count))
            names.append(OnnxRuntime.text(text))
        }
        return names
    }
}
