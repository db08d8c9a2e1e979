import NIOCore

/// Turns the packets of one caller into an even flow of 20 ms frames.
package final class AudioReceiver {
    /// 320 samples at 16 kHz.
    package struct Frame: Equatable {
        package var samples: [Float]
        /// Whether any of it is a guess.
        package var isConcealed: Bool

        package init(samples: [Float], isConcealed: Bool) {
            self.samples = samples
            self.isConcealed = isConcealed
        }
    }

    private static let frameSamples = 320
    // RTP counts Opus at 48 kHz, three for each sample at 16 kHz.
    private static let clockPerSample = 3
    // A longer gap is left out: nobody needs seconds of guessed silence at once.
    private static let longestGap = 16_000

    private let decoder: OpusDecoder
    private var buffer = ReorderBuffer()
    private var statistics = ReceptionStatistics()
    private var source: UInt32?
    private var lastArrival: NIODeadline?
    private var expectedTimestamp: UInt32?
    private var pending: [Float] = []
    private var isPendingConcealed = false
    /// Packets lost whose sound came with the next one.
    package private(set) var recovered = 0
    /// 20 ms frames that were guessed, in part or whole.
    package private(set) var concealedFrames = 0

    package init() throws(WebRTCError) {
        decoder = try OpusDecoder()
    }

    /// The source now heard, and the counts about it.
    package var reception: (source: UInt32, statistics: ReceptionStatistics)? {
        source.map { ($0, statistics) }
    }

    /// A report about the source; nil before its first packet.
    package func makeReport(lastReport: UInt32, delay: UInt32) -> ReceptionReport? {
        source.map { statistics.makeReport(source: $0, lastReport: lastReport, delay: delay) }
    }

    /// Takes a packet; gives what can be heard now.
    package func receive(_ packet: RTPPacket, now: NIODeadline) -> [Frame] {
        if packet.source != source {
            // A caller has one voice. Another takes its place when the first has fallen silent.
            if source != nil, let lastArrival, now - lastArrival < .milliseconds(100) { return [] }
            source = packet.source
            buffer = ReorderBuffer()
            statistics = ReceptionStatistics()
            expectedTimestamp = nil
        }
        lastArrival = now
        statistics.note(packet, now: now)
        if case .restarted = buffer.insert(packet, now: now) {
            statistics = ReceptionStatistics()
            statistics.note(packet, now: now)
            expectedTimestamp = nil
        }
        return frames(now: now)
    }

    /// Gives what has waited long enough; to be called every 20 ms.
    package func tick(now: NIODeadline) -> [Frame] {
        buffer.relax(now: now)
        return frames(now: now)
    }

    private func frames(now: NIODeadline) -> [Frame] {
        var frames: [Frame] = []
        while let item = buffer.takeNext(now: now) {
            play(item, into: &frames)
        }
        return frames
    }

    private func play(_ item: ReorderBuffer.Item, into frames: inout [Frame]) {
        let payload = item.packet.payload
        let samples = OpusDecoder.samples(in: payload)
        // A packet without sound (padding, or junk) is as good as lost; the timestamp of the next tells how long it was.
        guard samples > 0 else { return }
        fillGap(before: item, packetSamples: samples, into: &frames)
        let sound = decoder.decode(payload)
        append(sound.isEmpty ? decoder.conceal(samples: samples) : sound, isConcealed: sound.isEmpty, to: &frames)
        expectedTimestamp = item.packet.timestamp &+ UInt32(samples * Self.clockPerSample)
    }

    /// Fills the time between the last packet and this one: with its copy of what was lost, with a guess before that.
    private func fillGap(before item: ReorderBuffer.Item, packetSamples: Int, into frames: inout [Frame]) {
        guard let expectedTimestamp else { return }
        let gap = Int(Int32(bitPattern: item.packet.timestamp &- expectedTimestamp)) / Self.clockPerSample
        guard gap > 0, gap <= Self.longestGap else { return }
        var guessed = gap
        let payload = item.packet.payload
        let hasCopy = item.lostBefore > 0 && packetSamples <= gap && OpusDecoder.hasForwardErrorCorrection(payload)
        if hasCopy { guessed -= packetSamples }
        // Without a lost packet the sender itself has paused, and the decoder makes its silence.
        append(decoder.conceal(samples: guessed), isConcealed: item.lostBefore > 0, to: &frames)
        guard hasCopy else { return }
        recovered += 1
        append(decoder.decodeBefore(payload, samples: packetSamples), isConcealed: false, to: &frames)
    }

    private func append(_ sound: [Float], isConcealed: Bool, to frames: inout [Frame]) {
        guard !sound.isEmpty else { return }
        pending += sound
        isPendingConcealed = isPendingConcealed || isConcealed
        while pending.count >= Self.frameSamples {
            if isPendingConcealed { concealedFrames += 1 }
            frames.append(Frame(samples: Array(pending.prefix(Self.frameSamples)), isConcealed: isPendingConcealed))
            pending.removeFirst(Self.frameSamples)
            isPendingConcealed = isConcealed && !pending.isEmpty
        }
    }
}
