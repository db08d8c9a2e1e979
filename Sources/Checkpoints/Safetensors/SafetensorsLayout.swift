import JSON

/// The name, type and shape of a tensor that is going to be written.
public struct TensorDeclaration: Sendable, Equatable {
    /// The tensor's name.
    public let name: String
    /// How elements are written.
    public let dataType: TensorDataType
    /// Extents, slowest first; empty for a scalar.
    public let shape: [Int]

    /// A tensor to be written.
    ///
    /// - Precondition: the extents are not negative and the bytes can be counted.
    public init(_ name: String, _ dataType: TensorDataType, _ shape: [Int]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "an extent is negative")
        self.name = name
        self.dataType = dataType
        self.shape = shape
    }

    /// Bytes it takes.
    public var byteCount: Int { shape.reduce(dataType.size, *) }
}

/// Where each tensor of a safetensors file goes: wider types first, then by name, as the reference implementation does.
struct SafetensorsLayout {
    /// Length, JSON and padding.
    let header: [UInt8]
    /// Where each tensor's bytes start in the file.
    let offsets: [String: Int]
    /// Bytes of the whole file.
    let size: Int

    /// - Parameter alignment: the data begins at a multiple of it, which is a multiple of the format's own 8.
    init(
        _ tensors: [TensorDeclaration], metadata: [String: String], alignment: Int = SafetensorsHeader.lengthSize
    ) {
        let ordered = tensors.sorted { ($0.dataType.layoutRank, $0.name) < ($1.dataType.layoutRank, $1.name) }
        var object = JSONObject()
        if !metadata.isEmpty {
            let members = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
            object["__metadata__"] = .object(JSONObject(members))
        }
        var position = 0
        var starts: [String: Int] = [:]
        for tensor in ordered {
            let end = position + tensor.byteCount
            object[tensor.name] = .object(
                JSONObject([
                    ("dtype", .string(tensor.dataType.rawValue)),
                    ("shape", .array(tensor.shape.map { .integer($0) })),
                    ("data_offsets", .array([.integer(position), .integer(end)])),
                ]))
            starts[tensor.name] = position
            position = end
        }
        var text = Array(JSONValue.object(object).text(.compact).utf8)
        let length = SafetensorsHeader.lengthSize + text.count
        text += Array(repeating: UInt8(ascii: " "), count: (alignment - length % alignment) % alignment)
        header = withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
        let dataStart = header.count
        offsets = starts.mapValues { $0 + dataStart }
        size = dataStart + position
    }
}
