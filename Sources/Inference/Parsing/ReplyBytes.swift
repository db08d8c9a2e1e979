/// Searching a reply's bytes for tags. Tags are ASCII, so what stands before one is always whole characters.
extension UInt8 {
    /// What JSON allows between values.
    var isJSONWhitespace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

extension Array<UInt8> {
    /// Where the tag first stands, from a position on.
    func firstRange(of tag: [UInt8], from start: Int = 0) -> Range<Int>? {
        guard !tag.isEmpty, count >= tag.count else { return nil }
        var index = start
        while index + tag.count <= count {
            if self[index] == tag[0], self[index..<index + tag.count].elementsEqual(tag) {
                return index..<index + tag.count
            }
            index += 1
        }
        return nil
    }

    /// How many bytes at the end may be the beginning of the tag.
    func heldBack(for tag: [UInt8]) -> Int {
        var length = Swift.min(count, tag.count - 1)
        while length > 0, !suffix(length).elementsEqual(tag.prefix(length)) { length -= 1 }
        return length
    }

    /// Whether the tag stands at the position: nil when the bytes end before that is known.
    func matches(_ tag: [UInt8], at position: Int) -> Bool? {
        let available = self[Swift.min(position, count)..<Swift.min(position + tag.count, count)]
        guard tag.starts(with: available) else { return false }
        return available.count == tag.count ? true : nil
    }

    /// The first position from here on that is not white space, or the end.
    func skippingWhitespace(from start: Int) -> Int {
        var index = start
        while index < count, self[index].isJSONWhitespace { index += 1 }
        return index
    }

    func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}
