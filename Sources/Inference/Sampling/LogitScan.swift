/// Finds the largest logits of a vocabulary without sorting it.
///
/// One pass notes the maximum of every block of 64 tokens. The k-th largest of these maxima is a lower bound of the k-th
/// largest logit, so a second pass looks only into the blocks that reach it, and what it gathers is little more than k.
/// Logits are compared as integers that order as the numbers do. The buffers are kept from token to token.
package struct LogitScan: Sendable {
    /// Tokens in a block: the width of a mask's word.
    package static let blockSize = 64
    /// The key of minus infinity. Banned tokens and NaN have this key or a lower one.
    package static let lowestKey = key(of: -.infinity)

    /// The largest key of each block.
    package private(set) var blockMaxima: [Int32] = []
    /// The largest key of all.
    package private(set) var maximum = lowestKey
    private var order: [Int32] = []

    package init() {}

    /// An integer that orders as the number does; -0 and 0 are equal.
    @inline(__always)
    package static func key(of logit: Float) -> Int32 {
        let bits = Int32(bitPattern: (logit + 0).bitPattern)
        return bits ^ (bits >> 31 & 0x7FFF_FFFF)
    }

    /// The number a key stands for.
    @inline(__always)
    package static func logit(of key: Int32) -> Float {
        Float(bitPattern: UInt32(bitPattern: key ^ (key >> 31 & 0x7FFF_FFFF)))
    }

    /// Notes the maximum of each block, of the allowed tokens only. `allowed` has a bit per logit.
    package mutating func scan(_ logits: UnsafeBufferPointer<Float>, allowed: UnsafeBufferPointer<UInt64>?) {
        let blockCount = (logits.count + Self.blockSize - 1) / Self.blockSize
        if blockMaxima.count != blockCount { blockMaxima = Array(repeating: Self.lowestKey, count: blockCount) }
        maximum = Self.lowestKey
        var largest = Self.lowestKey
        blockMaxima.withUnsafeMutableBufferPointer { maxima in
            for block in 0..<blockCount {
                let tokens = Self.tokens(inBlock: block, of: logits.count)
                let value = Self.blockMaximum(logits, tokens, allowed.map { $0[block] } ?? ~0)
                maxima[block] = value
                if value > largest { largest = value }
            }
        }
        maximum = largest
    }

    /// The tokens of a block.
    @inline(__always)
    package static func tokens(inBlock block: Int, of count: Int) -> Range<Int> {
        let start = block &* blockSize
        return Range(uncheckedBounds: (start, min(start &+ blockSize, count)))
    }

    @inline(__always)
    private static func blockMaximum(
        _ logits: UnsafeBufferPointer<Float>, _ tokens: Range<Int>, _ allowed: UInt64
    ) -> Int32 {
        guard allowed != 0, let base = logits.baseAddress else { return lowestKey }
        if allowed == ~0 {
            var largest = lowestKey
            var token = tokens.lowerBound
            while token < tokens.upperBound {
                let key = key(of: base[token])
                largest = key > largest ? key : largest
                token &+= 1
            }
            // Above infinity stands NaN, which never counts.
            if largest <= Self.key(of: .infinity) { return largest }
        }
        var largest = lowestKey
        for token in tokens where allowed >> UInt64(token &- tokens.lowerBound) & 1 == 1 && !base[token].isNaN {
            largest = max(largest, key(of: base[token]))
        }
        return largest
    }

    /// A key that at least `count` allowed tokens reach, as high as the block maxima tell; the lowest if they cannot.
    package mutating func bound(forLargest count: Int) -> Int32 {
        guard count > 0, count <= blockMaxima.count else { return Self.lowestKey }
        order.removeAll(keepingCapacity: true)
        order.append(contentsOf: blockMaxima)
        return order.withUnsafeMutableBufferPointer { Self.select(count - 1, of: $0) }
    }

    /// The element that would stand at `position` if the keys were sorted in falling order (Hoare's selection).
    private static func select(_ position: Int, of keys: UnsafeMutableBufferPointer<Int32>) -> Int32 {
        var low = 0
        var high = keys.count - 1
        while low < high {
            let pivot = keys[low + (high - low) / 2]
            var left = low
            var right = high
            while left <= right {
                while keys[left] > pivot { left &+= 1 }
                while keys[right] < pivot { right &-= 1 }
                if left <= right {
                    keys.swapAt(left, right)
                    left &+= 1
                    right &-= 1
                }
            }
            if position <= right {
                high = right
            } else if position >= left {
                low = left
            } else {
                break
            }
        }
        return keys[position]
    }

    /// Calls `body` with each allowed token whose key reaches `bound` (and is above minus infinity), in rising order.
    @inline(__always)
    package func forEach(
        reaching bound: Int32, in logits: UnsafeBufferPointer<Float>, allowed: UnsafeBufferPointer<UInt64>?,
        _ body: (_ token: Int, _ key: Int32) -> Void
    ) {
        let bound = max(bound, Self.lowestKey &+ 1)
        for block in 0..<blockMaxima.count where blockMaxima[block] >= bound {
            let tokens = Self.tokens(inBlock: block, of: logits.count)
            let bits = allowed.map { $0[block] } ?? ~0
            for token in tokens {
                let key = Self.key(of: logits[token])
                guard key >= bound, bits >> UInt64(token &- tokens.lowerBound) & 1 == 1, !logits[token].isNaN else {
                    continue
                }
                body(token, key)
            }
        }
    }

    /// The lowest token that has the largest key; nil if every allowed token is at minus infinity.
    package func firstMaximum(
        in logits: UnsafeBufferPointer<Float>, allowed: UnsafeBufferPointer<UInt64>?
    ) -> Int? {
        guard maximum > Self.lowestKey, let block = blockMaxima.firstIndex(of: maximum) else { return nil }
        let tokens = Self.tokens(inBlock: block, of: logits.count)
        let bits = allowed.map { $0[block] } ?? ~0
        return tokens.first {
            Self.key(of: logits[$0]) == maximum && bits >> UInt64($0 - tokens.lowerBound) & 1 == 1
        }
    }
}
