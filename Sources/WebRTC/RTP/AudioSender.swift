import NIOCore

/// Draws 20 ms of sound at a time from a source and makes packets of it.
package final class AudioSender {
    /// 480 samples at 24 kHz are 20 ms.
    package static let frameSamples = 480
    private static let clockPerFrame: UInt32 = 960
    // A second: the caller's own concealment would else make noise of a pause between two sentences.
    private static let silentFramesSent = 50

    private let encoder: OpusEncoder
    /// What the caller calls Opus; a later offer may call it otherwise.
    package var payloadType: UInt8
    package let source: UInt32
    private var sequenceNumber = UInt16.random(in: 0...UInt16.max)
    private var timestamp = UInt32.random(in: 0...UInt32.max)
    private var frame = [Int16](repeating: 0, count: AudioSender.frameSamples)
    private var silentFrames = 0
    package private(set) var hasPaused = true
    package private(set) var packetsSent = 0
    package private(set) var bytesSent = 0
    // The moment of the last frame, which a report has to tie to its timestamp.
    private var lastFrame: (timestamp: UInt32, at: NIODeadline)?

    package init(payloadType: UInt8, source: UInt32) throws(WebRTCError) {
        encoder = try OpusEncoder()
        self.payloadType = payloadType
        self.source = source
    }

    /// The name under which the sender's reports are known.
    static func canonicalName(_ source: UInt32) -> String {
        "voice-" + String(source, radix: 16)
    }

    /// The packet for the next 20 ms; nil when there has been silence for more than a second.
    package func tick(_ audio: (any AudioSource)?, now: NIODeadline) -> RTPPacket? {
        let frameTimestamp = timestamp
        timestamp &+= Self.clockPerFrame
        for index in frame.indices { frame[index] = 0 }
        let isHeard = frame.withUnsafeMutableBufferPointer { audio?.read(into: $0) ?? false }
        silentFrames = isHeard ? 0 : silentFrames + 1
        guard silentFrames <= Self.silentFramesSent else {
            hasPaused = true
            return nil
        }
        guard let payload = frame.withUnsafeBufferPointer({ encoder.encode($0) }) else { return nil }
        defer {
            sequenceNumber &+= 1
            packetsSent += 1
            bytesSent += payload.count
            hasPaused = false
            lastFrame = (frameTimestamp, now)
        }
        return RTPPacket(
            payloadType: payloadType, isMarked: hasPaused, sequenceNumber: sequenceNumber, timestamp: frameTimestamp,
            source: source, payload: payload)
    }

    /// Lets 20 ms pass without drawing anything, while nobody can hear.
    package func skip() {
        timestamp &+= Self.clockPerFrame
        hasPaused = true
    }

    /// Protects against as much loss as the caller reports.
    package func expectLoss(percent: Int) {
        encoder.expectLoss(percent: percent)
    }

    /// The timestamp that belongs to a moment; nil before the first packet.
    package func timestamp(at moment: NIODeadline) -> UInt32? {
        lastFrame.map { frame in
            let elapsed = max(0, (moment - frame.at).nanoseconds)
            return frame.timestamp &+ UInt32(truncatingIfNeeded: elapsed * 48 / 1_000_000)
        }
    }
}
