/// Notices that a page is gone by its pings, once it has sent any.
package struct Keepalive: Sendable {
    /// Seconds without a sign of life after which the page counts as gone.
    package static let limit = 3.0

    private var last: Double?
    private var sawPing = false
    /// Whether the page counts as gone.
    package private(set) var isGone = false

    /// A page that has not spoken yet.
    package init() {}

    /// When to look again; nil when nothing is to be expected.
    package var deadline: Double? { sawPing && !isGone ? last.map { $0 + Self.limit } : nil }

    /// A ping came.
    package mutating func ping(at now: Double) {
        sawPing = true
        alive(at: now)
    }

    /// Something else came: browsers slow down the timers of a hidden page, but not its sound.
    package mutating func alive(at now: Double) {
        last = now
        isGone = false
    }

    /// Looks whether the page is gone.
    package mutating func check(at now: Double) {
        if let deadline, now >= deadline { isGone = true }
    }
}
