import Foundation

/// The lines of a JSONL file one by one, read in pieces, so that a file may be larger than memory.
///
/// Line breaks are LF or CR LF; a byte-order mark and blank lines are passed over, and still count.
struct JSONLines {
    /// A line that holds something.
    struct Line {
        /// Counted from 1.
        var number: Int
        /// Nil where the line was longer than the limit; it has been passed over.
        var bytes: [UInt8]?
    }

    private let handle: FileHandle
    private let longest: Int
    private let pieceLength: Int
    private var piece: [UInt8] = []
    private var position = 0
    private var number = 0
    private var isAtEnd = false

    /// - Parameters:
    ///   - longest: Bytes of a line that is still read.
    ///   - pieceLength: Bytes read at a time.
    init(path: String, longest: Int = 1 << 24, pieceLength: Int = 1 << 18) throws(DatasetError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue,
            let handle = FileHandle(forReadingAtPath: path)
        else { throw .unreadable(path: path) }
        self.handle = handle
        self.longest = longest
        self.pieceLength = pieceLength
    }

    /// The next line that is not blank; nil at the file's end.
    ///
    /// - Throws: What the file system has against reading on.
    mutating func next() throws -> Line? {
        while true {
            var line: [UInt8] = []
            var length = 0, found = false
            while !found {
                if position == piece.count, try !readPiece() { break }
                let rest = piece[position...]
                let end = rest.firstIndex(of: UInt8(ascii: "\n"))
                let part = rest[..<(end ?? rest.endIndex)]
                length += part.count
                if length <= longest { line += part } else { line = [] }
                position = end.map { $0 + 1 } ?? rest.endIndex
                found = end != nil
            }
            guard found || length > 0 else { return nil }
            number += 1
            if length > longest { return Line(number: number, bytes: nil) }
            if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { return Line(number: number, bytes: line) }
        }
    }

    private mutating func readPiece() throws -> Bool {
        guard !isAtEnd, let data = try handle.read(upToCount: pieceLength), !data.isEmpty else {
            isAtEnd = true
            return false
        }
        piece = Array(data)
        position = 0
        return true
    }
}
