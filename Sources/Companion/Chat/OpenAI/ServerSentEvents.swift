/// Reads the data of server-sent events from bytes, wherever these are cut.
struct ServerSentEvents {
    /// An event or line was longer than any server's.
    struct TooLong: Error {}

    private static let longest = 1 << 22

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var endedWithReturn = false

    /// Takes more bytes in, and gives the data of the events that are whole now.
    mutating func append(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            defer { endedWithReturn = byte == 0x0D }
            // A line may end with either or both.
            if byte == 0x0A, endedWithReturn { continue }
            guard byte == 0x0A || byte == 0x0D else {
                line.append(byte)
                if line.count > Self.longest { throw TooLong() }
                continue
            }
            if let event = try endLine() { events.append(event) }
        }
        return events
    }

    /// Ends the stream: an event whose closing empty line is missing counts.
    mutating func finish() throws(TooLong) -> [[UInt8]] {
        let last = line.isEmpty ? nil : try endLine()
        return [last, try endLine()].compactMap { $0 }
    }

    private mutating func endLine() throws(TooLong) -> [UInt8]? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else {
            defer { (data, hasData) = ([], false) }
            return hasData ? data : nil
        }
        let field = "data:".utf8
        guard line.starts(with: field) else { return nil }
        var value = line.dropFirst(field.count)
        if value.first == 0x20 { value.removeFirst() }
        if hasData { data.append(0x0A) }
        data += value
        hasData = true
        if data.count > Self.longest { throw TooLong() }
        return nil
    }
}
