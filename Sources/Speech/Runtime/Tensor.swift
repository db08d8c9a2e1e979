import CSpeech

/// A tensor that a model reads or has written.
final class Tensor {
    let value: OpaquePointer
    private let runtime: OnnxRuntime
    /// The memory behind an input; what a model wrote is its library's.
    private let storage: UnsafeMutableRawPointer?

    /// Takes over a value that the library made.
    init(taking value: OpaquePointer, of runtime: OnnxRuntime) {
        self.value = value
        self.runtime = runtime
        storage = nil
    }

    /// A copy of these numbers.
    init<Element>(
        _ elements: some Collection<Element>, shape: [Int], type: Int32, of runtime: OnnxRuntime
    ) throws(SpeechError) {
        precondition(shape.reduce(1, *) == elements.count)
        let byteCount = elements.count * MemoryLayout<Element>.stride
        let storage = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
        _ = storage.bindMemory(to: Element.self, capacity: elements.count)
        _ = UnsafeMutableBufferPointer(start: storage.assumingMemoryBound(to: Element.self), count: elements.count)
            .initialize(fromContentsOf: elements)
        var value: OpaquePointer?
        do {
            try runtime.check(
                ort_make_tensor(
                    runtime.table, runtime.memory, storage, byteCount, shape.map(Int64.init), shape.count, type, &value)
            )
        } catch {
            storage.deallocate()
            throw error
        }
        guard let value else {
            storage.deallocate()
            throw .failed("no tensor was made")
        }
        self.value = value
        self.runtime = runtime
        self.storage = storage
    }

    /// Floats with this shape.
    convenience init(_ elements: some Collection<Float>, shape: [Int], of runtime: OnnxRuntime) throws(SpeechError) {
        try self.init(elements, shape: shape, type: Int32(ort_float), of: runtime)
    }

    /// Integers with this shape.
    convenience init(_ elements: some Collection<Int64>, shape: [Int], of runtime: OnnxRuntime) throws(SpeechError) {
        try self.init(elements, shape: shape, type: Int32(ort_int64), of: runtime)
    }

    /// One truth value.
    convenience init(_ flag: Bool, of runtime: OnnxRuntime) throws(SpeechError) {
        try self.init(CollectionOfOne(flag), shape: [1], type: Int32(ort_bool), of: runtime)
    }

    deinit {
        ort_release_value(runtime.table, value)
        storage?.deallocate()
    }

    /// The dimensions; at most six, which no speech model exceeds.
    func shape() throws(SpeechError) -> [Int] {
        var dimensions = [Int64](repeating: 0, count: 6)
        var (rank, type) = (0, Int32(0))
        try runtime.check(ort_tensor_shape(runtime.table, value, &dimensions, dimensions.count, &rank, &type))
        guard rank <= dimensions.count, type == Int32(ort_float) else {
            throw .failed("a model gave a tensor of type \(type) with \(rank) dimensions, expected floats")
        }
        return dimensions.prefix(rank).map(Int.init)
    }

    /// Runs `body` with the floats and the shape.
    func withFloats<Result>(
        _ body: (UnsafeBufferPointer<Float>, _ shape: [Int]) throws(SpeechError) -> Result
    ) throws(SpeechError) -> Result {
        let shape = try shape()
        var data: UnsafeMutableRawPointer?
        try runtime.check(ort_tensor_data(runtime.table, value, &data))
        let count = shape.reduce(1, *)
        guard count >= 0, let data else { throw .failed("a model gave an empty tensor") }
        return try body(UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count), shape)
    }
}
