/// A 64-bit hash of a short byte slice: a multiply and a fold for every eight bytes.
///
/// Only for tables whose keys come from a loaded vocabulary, and for caches that lose an entry on collision; it does
/// not resist an adversary who chooses the keys.
@inline(__always)
func hashBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    guard let base = bytes.baseAddress else { return hash }
    let raw = UnsafeRawPointer(base)
    var position = 0
    while position + 8 <= bytes.count {
        hash = fold(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        position += 8
    }
    var tail: UInt64 = 0
    if position + 4 <= bytes.count {
        tail = UInt64(raw.loadUnaligned(fromByteOffset: position, as: UInt32.self))
        position += 4
    }
    while position < bytes.count {
        tail = tail << 8 | UInt64(bytes[position])
        position += 1
    }
    return fold(hash ^ tail)
}

@inline(__always)
private func fold(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
}

/// A hash of a pair of token ids.
@inline(__always)
func hashPair(_ key: UInt64) -> UInt64 { fold(key) }
