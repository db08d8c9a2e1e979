/// Reads little-endian values from bytes that nobody has vouched for.
struct GGUFCursor {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0
    /// Deeper nesting than any real file has; bounds the recursion.
    private static let maximumNesting = 4
    /// Sixty times the largest vocabulary in use; a value takes more memory here than in the file.
    private static let maximumElements = 1 << 24

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private var remaining: Int { bytes.count - offset }

    mutating func integer<T: FixedWidthInteger>(_ what: @autoclosure () -> String) throws(GGUFError) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw .truncated(what: what(), offset: offset) }
        defer { offset += size }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// A 64-bit count of things that take at least `minimumSize` bytes each, and so cannot be more than fit.
    mutating func count(_ what: @autoclosure () -> String, minimumSize: Int) throws(GGUFError) -> Int {
        let start = offset
        let raw: UInt64 = try integer(what())
        guard raw <= UInt64(remaining / minimumSize) else {
            throw .invalid("\(what()) says \(raw) at byte \(start), but only \(remaining) bytes follow")
        }
        return Int(raw)
    }

    mutating func string(_ what: @autoclosure () -> String) throws(GGUFError) -> String {
        let length = try count("the length of \(what())", minimumSize: 1)
        let text = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
        guard let string = String(validating: text, as: UTF8.self) else {
            throw .invalid("\(what()) at byte \(offset) is not UTF-8")
        }
        offset += length
        return string
    }

    mutating func valueType(_ what: @autoclosure () -> String) throws(GGUFError) -> GGUFValueType {
        let code: UInt32 = try integer(what())
        guard let type = GGUFValueType(rawValue: code) else {
            throw .invalid("\(what()) has the unknown value type \(code)")
        }
        return type
    }

    mutating func value(
        _ type: GGUFValueType, _ what: @autoclosure () -> String, nesting: Int = 0
    ) throws(GGUFError) -> GGUFValue {
        switch type {
        case .uint8: return .uint8(try integer(what()))
        case .int8: return .int8(try integer(what()))
        case .uint16: return .uint16(try integer(what()))
        case .int16: return .int16(try integer(what()))
        case .uint32: return .uint32(try integer(what()))
        case .int32: return .int32(try integer(what()))
        case .uint64: return .uint64(try integer(what()))
        case .int64: return .int64(try integer(what()))
        case .float32: return .float32(Float(bitPattern: try integer(what())))
        case .float64: return .float64(Double(bitPattern: try integer(what())))
        case .string: return .string(try string(what()))
        case .bool:
            let byte: UInt8 = try integer(what())
            guard byte <= 1 else { throw .invalid("\(what()) is a bool of value \(byte); expected 0 or 1") }
            return .bool(byte == 1)
        case .array: return try array(what(), nesting: nesting)
        }
    }

    private mutating func array(_ what: @autoclosure () -> String, nesting: Int) throws(GGUFError) -> GGUFValue {
        guard nesting < Self.maximumNesting else {
            throw .invalid("\(what()) nests arrays deeper than \(Self.maximumNesting) levels")
        }
        let type = try valueType("the elements of \(what())")
        let count = try count("the element count of \(what())", minimumSize: type.minimumSize)
        guard count <= Self.maximumElements else {
            throw .invalid("\(what()) has \(count) elements; at most \(Self.maximumElements) are read")
        }
        var elements: [GGUFValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            elements.append(try value(type, "an element of \(what())", nesting: nesting + 1))
        }
        return .array(type, elements)
    }
}
