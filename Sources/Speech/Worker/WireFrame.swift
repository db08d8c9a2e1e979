/// One message between the worker and its supervisor.
///
/// On the wire: the number of bytes that follow as a 32-bit integer, the kind as one byte, the request's number as a
/// 32-bit integer, and the payload. Integers and samples stand in the byte order of the machine, which both ends share.
package struct WireFrame: Equatable, Sendable {
    /// What the payload is; see ``WorkerRequest`` and ``WorkerResponse``.
    package var kind: UInt8
    /// Which request it belongs to.
    package var request: UInt32
    /// The content.
    package var payload: [UInt8]

    /// Ten minutes of samples fit.
    package static let maximumPayload = 64 << 20
    private static let headCount = 5

    /// A frame with these parts.
    package init(kind: UInt8, request: UInt32, payload: [UInt8] = []) {
        self.kind = kind
        self.request = request
        self.payload = payload
    }

    /// The bytes on the wire.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 9)
        bytes.append(number: UInt32(Self.headCount + payload.count))
        bytes.append(kind)
        bytes.append(number: request)
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// Puts frames together from bytes as they arrive.
    package struct Reader {
        private var bytes: [UInt8] = []
        private var position = 0

        /// A reader at the start of a stream.
        package init() {}

        /// Adds bytes that have arrived.
        package mutating func append(_ new: some Collection<UInt8>) {
            if position > 0 {
                bytes.removeFirst(position)
                position = 0
            }
            bytes.append(contentsOf: new)
        }

        /// The next complete frame, if it has arrived.
        ///
        /// - Throws: ``SpeechError/failed(_:)`` when the bytes cannot be frames; nothing after that makes sense.
        package mutating func next() throws(SpeechError) -> WireFrame? {
            var scanner = ByteScanner(bytes[position...])
            guard let count = scanner.number(UInt32.self).map(Int.init) else { return nil }
            guard count >= headCount, count <= maximumPayload + headCount else {
                throw .failed(
                    "the speech worker and its supervisor do not understand each other: a frame of \(count) bytes")
            }
            guard bytes.count - position - 4 >= count, let kind = scanner.number(UInt8.self),
                let request = scanner.number(UInt32.self)
            else { return nil }
            let start = position + 4 + headCount
            position += 4 + count
            return WireFrame(kind: kind, request: request, payload: Array(bytes[start..<position]))
        }
    }
}

/// Takes numbers and text out of a payload, never beyond its end.
struct ByteScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next number, if there are bytes enough.
    mutating func number<Number: BitwiseCopyable>(_ type: Number.Type) -> Number? {
        guard rest.count >= MemoryLayout<Number>.size else { return nil }
        let number = rest.withUnsafeBytes { $0.loadUnaligned(as: type) }
        rest = rest.dropFirst(MemoryLayout<Number>.size)
        return number
    }

    /// All numbers to the end, if they fill it.
    mutating func numbers<Number: BitwiseCopyable>(_ type: Number.Type) -> [Number]? {
        guard rest.count % MemoryLayout<Number>.stride == 0 else { return nil }
        let count = rest.count / MemoryLayout<Number>.stride
        let numbers = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: rest)
            initialized = count
        }
        rest = []
        return numbers
    }

    /// The next `count` bytes as text; nil counts to the end.
    mutating func text(_ count: Int? = nil) -> String? {
        guard count ?? 0 <= rest.count else { return nil }
        let bytes = rest.prefix(count ?? rest.count)
        rest = rest.dropFirst(bytes.count)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Adds a number's bytes.
    mutating func append(number: some BitwiseCopyable) {
        Swift.withUnsafeBytes(of: number) { append(contentsOf: $0) }
    }

    /// Adds the bytes of many numbers.
    mutating func append(numbers: [some BitwiseCopyable]) {
        numbers.withUnsafeBytes { append(contentsOf: $0) }
    }
}
