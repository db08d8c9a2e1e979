import JSON

/// Reads a `tokenizer.json` without building JSON values for its hundred thousand entries.
///
/// The vocabulary and the merges are read straight from the bytes; the rest, with both cut out, goes to the general
/// parser. It knows the shape that published files have and gives up on any other (and on any error, so that the
/// general reader states it): the caller then reads the whole file as JSON.
package struct TokenizerFileScanner {
    /// The file's parts.
    struct Result {
        let entries: ModelEntries
        /// The file with an empty vocabulary and no merges.
        let remainder: JSONValue
    }

    /// Whether a file has the shape that is read quickly.
    package static func reads(_ file: [UInt8]) -> Bool { file.withUnsafeBufferPointer { scan($0) != nil } }

    private var cursor: JSONCursor
    private var entries = ModelEntries()
    private var vocabularyRange: Range<Int>?
    private var mergesRange: Range<Int>?

    /// The parts of a file, or nil when it must be read the general way.
    static func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Result? {
        let arena = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        defer { arena.deallocate() }
        var scanner = TokenizerFileScanner(cursor: JSONCursor(bytes, arena: arena))
        return try? scanner.scan()
    }

    private init(cursor: JSONCursor) { self.cursor = cursor }

    private mutating func scan() throws -> Result {
        guard try cursor.open("{") else { throw JSONCursor.GivesUp() }
        repeat {
            guard try cursor.name().elementsEqual("model".utf8) else {
                try cursor.skipValue()
                continue
            }
            // Of two members with one name the general parser takes the last.
            guard vocabularyRange == nil else { throw JSONCursor.GivesUp() }
            try scanModel()
        } while try cursor.next(before: "}")
        guard let vocabularyRange, let mergesRange else { throw JSONCursor.GivesUp() }
        let bytes = cursor.bytes
        var remainder = Array(bytes[..<vocabularyRange.lowerBound])
        remainder += "{}".utf8
        remainder += bytes[vocabularyRange.upperBound..<mergesRange.lowerBound]
        remainder += "[]".utf8
        remainder += bytes[mergesRange.upperBound...]
        return Result(entries: entries, remainder: try JSONValue(parsing: remainder))
    }

    private mutating func scanModel() throws {
        guard try cursor.open("{") else { return }
        repeat {
            let name = try cursor.name()
            let start = cursor.position
            if name.elementsEqual("vocab".utf8) {
                guard vocabularyRange == nil else { throw JSONCursor.GivesUp() }
                try scanVocabulary()
                vocabularyRange = start..<cursor.position
            } else if name.elementsEqual("merges".utf8) {
                guard vocabularyRange != nil, mergesRange == nil else { throw JSONCursor.GivesUp() }
                try scanMerges()
                mergesRange = start..<cursor.position
            } else {
                try cursor.skipValue()
            }
        } while try cursor.next(before: "}")
    }

    private mutating func scanVocabulary() throws {
        entries.reserveCapacity(tokens: cursor.bytes.count / 64, bytes: cursor.bytes.count / 8)
        if try cursor.open("{") {
            repeat {
                let token = try cursor.name()
                try entries.addToken(token, id: cursor.integer())
            } while try cursor.next(before: "}")
        }
        try entries.finishVocabulary()
    }

    private mutating func scanMerges() throws {
        guard try cursor.open("[") else { return }
        repeat {
            if cursor.isAt("[") { try scanPair() } else { try scanJoinedPair() }
        } while try cursor.next(before: "]")
    }

    private mutating func scanPair() throws {
        guard try cursor.open("[") else { throw JSONCursor.GivesUp() }
        let left = try cursor.string()
        guard try cursor.next(before: "]") else { throw JSONCursor.GivesUp() }
        let right = try cursor.string()
        guard try !cursor.next(before: "]") else { throw JSONCursor.GivesUp() }
        try entries.addMerge(left, right)
    }

    private mutating func scanJoinedPair() throws {
        let text = try cursor.string()
        guard let space = text.firstIndex(of: 0x20), text.lastIndex(of: 0x20) == space else {
            throw JSONCursor.GivesUp()
        }
        try entries.addMerge(
            UnsafeBufferPointer(rebasing: text[..<space]), UnsafeBufferPointer(rebasing: text[(space + 1)...]))
    }
}
