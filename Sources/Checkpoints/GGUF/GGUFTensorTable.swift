/// The tensor descriptions between the metadata and the tensor data, checked against the size of the file.
struct GGUFTensorTable {
    private(set) var tensors: [GGUFTensor] = []
    private(set) var positions: [String: Int] = [:]
    /// An entry with a one-letter name and one dimension.
    static let minimumEntrySize = 8 + 1 + 4 + 8 + 4 + 8
    private static let maximumDimensions = 4

    /// A tensor as the table describes it; where the data begin is known only after the last entry.
    private struct Entry {
        let name: String
        let type: GGUFTensorType
        let shape: [Int]
        let offset: Int
        let size: Int
    }

    init(_ cursor: inout GGUFCursor, count: Int, alignment: Int, fileSize: Int) throws(GGUFError) {
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for index in 0..<count {
            let entry = try Self.entry(&cursor, index: index, alignment: alignment)
            guard positions.updateValue(index, forKey: entry.name) == nil else {
                throw .invalid("the tensor '\(entry.name)' is there twice")
            }
            entries.append(entry)
        }
        let start = (cursor.offset + alignment - 1) / alignment * alignment
        for entry in entries {
            let (end, overflow) = (start + entry.offset).addingReportingOverflow(entry.size)
            guard !overflow, end <= fileSize else { throw .truncated(what: "tensor '\(entry.name)'", offset: fileSize) }
            let range = start + entry.offset..<end
            tensors.append(GGUFTensor(name: entry.name, type: entry.type, shape: entry.shape, byteRange: range))
        }
        try checkOverlaps()
    }

    private static func entry(
        _ cursor: inout GGUFCursor, index: Int, alignment: Int
    ) throws(GGUFError) -> Entry {
        let name = try cursor.string("the name of tensor \(index)")
        guard !name.isEmpty else { throw .invalid("tensor \(index) has an empty name") }
        let shape = try shape(&cursor, of: name)
        let code: UInt32 = try cursor.integer("the type of tensor '\(name)'")
        guard let type = GGUFTensorType(rawValue: code) else {
            throw .unsupportedTensorType(tensor: name, type: GGUFTensorType.nameOfUnsupported(code))
        }
        let size = try size(of: name, type: type, shape: shape)
        let offset: UInt64 = try cursor.integer("the offset of tensor '\(name)'")
        guard offset < 1 << 48, offset % UInt64(alignment) == 0 else {
            throw .invalid("tensor '\(name)' is at offset \(offset), which is not a multiple of \(alignment)")
        }
        return Entry(name: name, type: type, shape: shape, offset: Int(offset), size: size)
    }

    private static func shape(_ cursor: inout GGUFCursor, of name: String) throws(GGUFError) -> [Int] {
        let dimensions: UInt32 = try cursor.integer("the dimension count of tensor '\(name)'")
        guard (1...UInt32(maximumDimensions)).contains(dimensions) else {
            throw .invalid("tensor '\(name)' has \(dimensions) dimensions; expected 1 to \(maximumDimensions)")
        }
        var shape: [Int] = []
        for _ in 0..<dimensions {
            let size: UInt64 = try cursor.integer("the shape of tensor '\(name)'")
            guard size > 0, size < 1 << 48 else { throw .invalid("tensor '\(name)' has a dimension of \(size)") }
            shape.append(Int(size))
        }
        return shape.reversed()
    }

    private static func size(of name: String, type: GGUFTensorType, shape: [Int]) throws(GGUFError) -> Int {
        var elements = 1
        for size in shape {
            let (product, overflow) = elements.multipliedReportingOverflow(by: size)
            // Room is left for eight bytes a value, so that no later size computation can overflow.
            guard !overflow, product < 1 << 56 else { throw .invalid("tensor '\(name)' has the shape \(shape)") }
            elements = product
        }
        guard (shape.last ?? 1) % type.blockElements == 0 else {
            throw .invalid(
                "tensor '\(name)' has rows of \(shape.last ?? 1) values, which is not a multiple of the block of "
                    + "\(type.blockElements) that \(type.name) needs")
        }
        return elements / type.blockElements * type.blockBytes
    }

    private func checkOverlaps() throws(GGUFError) {
        let ordered = tensors.sorted { $0.byteRange.lowerBound < $1.byteRange.lowerBound }
        for (first, second) in zip(ordered, ordered.dropFirst())
        where first.byteRange.upperBound > second.byteRange.lowerBound {
            throw .invalid("the tensors '\(first.name)' and '\(second.name)' overlap")
        }
    }
}
