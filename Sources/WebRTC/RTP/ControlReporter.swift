import Foundation
import NIOCore

/// Writes and reads the reports that tell both sides how well the sound arrives (RTCP).
package struct ControlReporter {
    // NTP time at a moment of the clock that never goes back, taken once so that reports agree with each other.
    private let origin: (ntp: UInt64, at: NIODeadline)
    private var nextReport: NIODeadline
    private var packetsAtLastReport = 0
    private var lastSenderReport: (middle: UInt32, at: NIODeadline)?
    /// How long a packet takes there and back, from the caller's last report.
    package private(set) var roundTrip: TimeAmount?
    /// The share of this side's packets that the caller lost lately, from 0 to 1.
    package private(set) var remoteLoss = 0.0

    package init(now: NIODeadline, wallClock: Date = Date()) {
        // NTP counts from 1900, 70 years and 17 leap days before Unix.
        let seconds = wallClock.timeIntervalSince1970 + 2_208_988_800
        let whole = seconds.rounded(.down)
        // Its seconds begin again in 2036, and a machine's clock may stand anywhere.
        origin = (UInt64(bitPattern: Int64(whole)) << 32 | UInt64((seconds - whole) * 4_294_967_296), now)
        nextReport = now + .milliseconds(500)
    }

    /// The compound packet to send now, if it is time for one.
    package mutating func makeReport(
        sender: AudioSender, receiver: AudioReceiver, now: NIODeadline
    ) -> [UInt8]? {
        guard now >= nextReport else { return nil }
        // Spread by a third either way, so that many callers' reports do not fall together.
        nextReport = now + .milliseconds(.random(in: 1_350...2_650))
        var delay: UInt32 = 0
        if let lastSenderReport {
            // In microseconds: a caller may be silent for days, and nanoseconds would not bear being multiplied.
            delay = UInt32(clamping: (now - lastSenderReport.at).nanoseconds / 1_000 * 65_536 / 1_000_000)
        }
        let report = receiver.makeReport(lastReport: lastSenderReport?.middle ?? 0, delay: delay)
        let reports = report.map { [$0] } ?? []
        let head: ControlPacket
        if sender.packetsSent > packetsAtLastReport, let timestamp = sender.timestamp(at: now) {
            head = .senderReport(
                source: sender.source, time: time(at: now), timestamp: timestamp,
                packets: UInt32(truncatingIfNeeded: sender.packetsSent),
                bytes: UInt32(truncatingIfNeeded: sender.bytesSent), reports: reports)
        } else {
            head = .receiverReport(source: sender.source, reports: reports)
        }
        packetsAtLastReport = sender.packetsSent
        let name = AudioSender.canonicalName(sender.source)
        return head.bytes + ControlPacket.description(source: sender.source, canonicalName: name).bytes
    }

    /// Takes the caller's reports.
    package mutating func receive(_ packets: [ControlPacket], sender: AudioSender, now: NIODeadline) {
        for packet in packets {
            switch packet {
            case .senderReport(_, let time, _, _, _, let reports):
                lastSenderReport = (UInt32(truncatingIfNeeded: time >> 16), now)
                take(reports, sender: sender, now: now)
            case .receiverReport(_, let reports): take(reports, sender: sender, now: now)
            case .description, .goodbye: break
            }
        }
    }

    private mutating func take(_ reports: [ReceptionReport], sender: AudioSender, now: NIODeadline) {
        for report in reports where report.source == sender.source {
            remoteLoss = Double(report.fractionLost) / 256
            sender.expectLoss(percent: Int(remoteLoss * 100))
            guard report.lastReport != 0 else { continue }
            let elapsed = UInt32(truncatingIfNeeded: time(at: now) >> 16) &- report.lastReport
            let away = Int64(Int32(bitPattern: elapsed &- report.delaySinceLastReport))
            // What is below nothing or above ten seconds was no answer to a report of this side.
            if away >= 0, away < 655_360 { roundTrip = .nanoseconds(away * 1_000_000_000 / 65_536) }
        }
    }

    private func time(at moment: NIODeadline) -> UInt64 {
        let elapsed = max(0, (moment - origin.at).nanoseconds)
        let whole = UInt64(elapsed / 1_000_000_000) << 32
        return origin.ntp &+ whole &+ (UInt64(elapsed % 1_000_000_000) << 32) / 1_000_000_000
    }
}
