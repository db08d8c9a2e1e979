import JSON

/// The directory at the front of a safetensors file: eight bytes of length, JSON, then the tensors without gaps.
///
/// Checked as strictly as the reference implementation does, so nothing later needs to doubt an offset.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let dataType: TensorDataType
        let shape: [Int]
        /// Where the bytes lie in the file.
        let range: Range<Int>
    }

    static let lengthSize = 8
    static let maximumLength = 100_000_000
    /// No extent is larger, not even that of a tensor without elements, so that doubling one cannot overflow.
    static let maximumExtent = 1 << 40

    /// In the order of their bytes.
    let entries: [Entry]
    let metadata: [String: String]
    /// Bytes before the first tensor.
    let size: Int

    init(parsing bytes: UnsafeRawBufferPointer, file: String) throws(CheckpointError) {
        func failure(_ message: String) -> CheckpointError { CheckpointError(.malformed, file: file, message) }
        guard bytes.count >= Self.lengthSize else {
            throw failure("found \(bytes.count) bytes, too few for a safetensors file; download it again")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.maximumLength) else {
            throw failure("the header claims \(length) bytes, more than the \(Self.maximumLength) the format allows")
        }
        size = Self.lengthSize + Int(length)
        guard size <= bytes.count else {
            throw failure("the header claims \(length) bytes, the file has \(bytes.count); it is cut short")
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[Self.lengthSize..<size])
        guard text.first == UInt8(ascii: "{") else { throw failure("the header does not start with '{'") }
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(parsing: text, maximumDepth: 8) } catch {
            throw failure("the header is \(error)")
        }
        metadata = try Self.metadata(json["__metadata__"], file: file)
        var entries: [Entry] = []
        for (name, value) in json.object ?? JSONObject() where name != "__metadata__" {
            entries.append(try Self.entry(name, value, data: size, file: file))
        }
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        try Self.requireContiguous(entries, from: size, to: bytes.count, file: file)
        self.entries = entries
    }

    private static func metadata(_ json: JSONValue?, file: String) throws(CheckpointError) -> [String: String] {
        guard let json else { return [:] }
        guard let object = json.object else {
            throw CheckpointError(.malformed, file: file, "__metadata__ is not an object")
        }
        var metadata: [String: String] = [:]
        for (key, value) in object {
            guard let text = value.string else {
                throw CheckpointError(.malformed, file: file, "__metadata__ '\(key)' is not a string")
            }
            metadata[key] = text
        }
        return metadata
    }

    private static func entry(
        _ name: String, _ json: JSONValue, data: Int, file: String
    ) throws(CheckpointError) -> Entry {
        func failure(_ message: String, _ kind: CheckpointError.Kind = .malformed) -> CheckpointError {
            CheckpointError(kind, file: file, tensor: name, message)
        }
        guard let type = json["dtype"]?.string else { throw failure("has no dtype") }
        guard let dataType = TensorDataType(rawValue: type) else {
            let known = TensorDataType.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("found dtype \(type), expected one of \(known)", .unsupported)
        }
        guard let shape = naturals(json["shape"]), shape.allSatisfy({ $0 <= maximumExtent }) else {
            throw failure("its shape is not a list of sizes")
        }
        guard let offsets = naturals(json["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
            throw failure("its data_offsets are not a start and an end")
        }
        var bytes = dataType.size
        for extent in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw failure("its shape \(shape) overflows") }
            bytes = product
        }
        guard offsets[1] - offsets[0] == bytes else {
            throw failure(
                "shape \(shape) of \(type) needs \(bytes) bytes, data_offsets give \(offsets[1] - offsets[0])")
        }
        let (end, overflow) = offsets[1].addingReportingOverflow(data)
        guard !overflow else { throw failure("its data_offsets overflow") }
        return Entry(name: name, dataType: dataType, shape: shape, range: offsets[0] + data..<end)
    }

    private static func naturals(_ json: JSONValue?) -> [Int]? {
        guard let elements = json?.array else { return nil }
        var values: [Int] = []
        for element in elements {
            guard case .integer(let value) = element, value >= 0 else { return nil }
            values.append(value)
        }
        return values
    }

    private static func requireContiguous(
        _ entries: [Entry], from start: Int, to end: Int, file: String
    ) throws(CheckpointError) {
        var position = start
        for entry in entries {
            guard entry.range.lowerBound == position else {
                let what = entry.range.lowerBound < position ? "overlaps another tensor" : "leaves a hole before it"
                throw CheckpointError(
                    .malformed, file: file, tensor: entry.name,
                    "\(what): it starts at byte \(entry.range.lowerBound), expected \(position)")
            }
            position = entry.range.upperBound
        }
        guard position != end else { return }
        let cut = position > end
        throw CheckpointError(
            .malformed, file: file, tensor: cut ? entries.last?.name : nil,
            "the tensors end at byte \(position), the file has \(end) bytes; "
                + (cut ? "it is cut short, download it again" : "something was appended to it"))
    }
}
