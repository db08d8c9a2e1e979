import NIOCore

/// Bounds what strangers can make the server do: each source address has an allowance of messages that prove nothing.
package struct SourceLimiter {
    private struct Bucket {
        var tokens: Double
        var filledAt: NIODeadline
    }

    private let perSecond: Double
    private let burst: Double
    private let maximumSources: Int
    private var buckets: [[UInt8]: Bucket] = [:]

    /// - Parameters:
    ///   - perSecond: Messages a second that one address may send for long.
    ///   - burst: Messages it may send at once.
    ///   - maximumSources: How many addresses are remembered at once.
    package init(perSecond: Double, burst: Double, maximumSources: Int = 4096) {
        self.perSecond = perSecond
        self.burst = burst
        self.maximumSources = maximumSources
    }

    /// How many addresses are remembered now.
    package var rememberedSources: Int { buckets.count }

    /// Whether the source has allowance left; does not use any.
    package func allows(_ source: SocketAddress, now: NIODeadline) -> Bool {
        filled(buckets[key(of: source)], now: now).tokens >= 1
    }

    /// Takes one from the source's allowance, because its message proved nothing.
    package mutating func charge(_ source: SocketAddress, now: NIODeadline) {
        let key = key(of: source)
        var bucket = filled(buckets[key], now: now)
        bucket.tokens = max(0, bucket.tokens - 1)
        if buckets[key] == nil, buckets.count >= maximumSources { forgetSources(now: now) }
        buckets[key] = bucket
    }

    private func filled(_ bucket: Bucket?, now: NIODeadline) -> Bucket {
        guard let bucket else { return Bucket(tokens: burst, filledAt: now) }
        let seconds = Double((now - bucket.filledAt).nanoseconds) / 1e9
        return Bucket(tokens: min(burst, bucket.tokens + seconds * perSecond), filledAt: now)
    }

    // Those with a full allowance lose nothing. When that frees too little the sources are forged, and remembering them
    // helps nobody.
    private mutating func forgetSources(now: NIODeadline) {
        buckets = buckets.filter { filled($0.value, now: now).tokens < burst }
        if buckets.count > maximumSources / 2 { buckets = [:] }
    }

    // A host owns a /64 of IPv6, so the rest of the address says nothing.
    private func key(of source: SocketAddress) -> [UInt8] {
        Array((source.packedBytes ?? []).prefix(source.protocol == .inet6 ? 8 : 4))
    }
}
