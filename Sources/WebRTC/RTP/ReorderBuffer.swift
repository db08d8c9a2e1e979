import NIOCore

/// Puts packets into order without delaying those that come in order.
///
/// A packet that comes after a gap is held until the missing ones have come, or until it has waited long enough for them
/// to count as lost: 60 ms on a good line, and longer, up to 300 ms, on one that has been seen to deliver later.
package struct ReorderBuffer {
    /// A packet whose turn it is.
    package struct Item: Equatable {
        package var packet: RTPPacket
        /// How many packets right before it are given up.
        package var lostBefore: Int

        package init(packet: RTPPacket, lostBefore: Int) {
            self.packet = packet
            self.lostBefore = lostBefore
        }
    }

    /// What came of a packet that was inserted.
    package enum Insertion {
        case taken, duplicate
        /// Its turn is over.
        case late
        /// So far from the others that the sender must have begun anew; everything held is forgotten.
        case restarted
    }

    private struct Held {
        var packet: RTPPacket
        var arrival: NIODeadline
    }

    static let shortestHold = TimeAmount.milliseconds(60)
    static let longestHold = TimeAmount.milliseconds(300)
    private static let farAway = 500
    private static let calm = TimeAmount.seconds(10)

    private var unwrapper = SequenceUnwrapper()
    private var held: [Int: Held] = [:]
    private var next: Int?
    // When the last packets were given up, to see by how much a late one is late.
    private var givenUp: [(number: Int, at: NIODeadline)] = []
    private var lastLate: NIODeadline?
    /// How long a packet waits for those before it.
    package private(set) var hold = ReorderBuffer.shortestHold

    package init() {}

    /// Takes a packet.
    package mutating func insert(_ packet: RTPPacket, now: NIODeadline) -> Insertion {
        let number = unwrapper.unwrap(packet.sequenceNumber)
        guard let next else {
            self.next = number
            held[number] = Held(packet: packet, arrival: now)
            return .taken
        }
        if abs(number - next) > Self.farAway {
            self = ReorderBuffer()
            _ = insert(packet, now: now)
            return .restarted
        }
        if number < next {
            noteLate(number, now: now)
            return .late
        }
        guard held[number] == nil else { return .duplicate }
        held[number] = Held(packet: packet, arrival: now)
        return .taken
    }

    /// The next packet whose turn it is, if any.
    package mutating func takeNext(now: NIODeadline) -> Item? {
        guard let next else { return nil }
        if let item = held.removeValue(forKey: next) {
            self.next = next + 1
            return Item(packet: item.packet, lostBefore: 0)
        }
        guard let number = held.keys.min(), let waiting = held.values.map(\.arrival).min(), now - waiting >= hold,
            let item = held.removeValue(forKey: number)
        else { return nil }
        givenUp += (next..<number).suffix(50).map { ($0, now) }
        givenUp.removeFirst(max(0, givenUp.count - 50))
        self.next = number + 1
        return Item(packet: item.packet, lostBefore: number - next)
    }

    private mutating func noteLate(_ number: Int, now: NIODeadline) {
        guard let index = givenUp.firstIndex(where: { $0.number == number }) else { return }
        let lateness = now - givenUp.remove(at: index).at
        hold = min(Self.longestHold, hold + lateness + .milliseconds(10))
        lastLate = now
    }

    /// Waits less again when nothing has been late for a while.
    package mutating func relax(now: NIODeadline) {
        guard hold > Self.shortestHold, let late = lastLate, now - late >= Self.calm else { return }
        hold = max(Self.shortestHold, hold - .milliseconds(20))
        lastLate = now
    }
}
