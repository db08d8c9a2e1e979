import NIOCore

/// The sound of one call in both directions: packets of RTP and RTCP in and out.
package final class AudioSession {
    package let sender: AudioSender
    package let receiver: AudioReceiver
    private var reporter: ControlReporter
    private var srtp: SRTPSession?
    private var direction: Offer.Direction

    package init(_ offer: Offer.AudioSection, now: NIODeadline) throws(WebRTCError) {
        sender = try AudioSender(payloadType: offer.payloadType, source: .random(in: 1...UInt32.max))
        receiver = try AudioReceiver()
        reporter = ControlReporter(now: now)
        direction = offer.direction
    }

    /// Takes over what a later offer says.
    package func update(_ offer: Offer.AudioSection) {
        sender.payloadType = offer.payloadType
        direction = offer.direction
    }

    /// Begins to encrypt and to decrypt.
    package func start(_ srtp: SRTPSession) {
        self.srtp = srtp
    }

    /// Takes a packet from the wire; nil when it does not come from the caller, or is malformed.
    package func receive(_ bytes: [UInt8], now: NIODeadline) -> [AudioReceiver.Frame]? {
        guard let srtp, bytes.count >= 8 else { return nil }
        // RTP and RTCP share the port: their second byte tells them apart (RFC 5761).
        if (192..<224).contains(bytes[1]) {
            guard let plain = srtp.unprotectControl(bytes), let packets = ControlPacket.parse(plain) else { return nil }
            reporter.receive(packets, sender: sender, now: now)
            return []
        }
        guard let plain = srtp.unprotect(bytes), let packet = RTPPacket(parsing: plain) else { return nil }
        guard packet.payloadType == sender.payloadType else { return [] }
        return receiver.receive(packet, now: now)
    }

    /// The packets for the wire and the sound that is due; to be called every 20 ms.
    ///
    /// - Parameters:
    ///   - frames: How many frames of 20 ms have become due: more than one when this comes late.
    ///   - isHeard: Whether the caller can hear; nothing is drawn from the source while not.
    package func tick(
        _ audio: (any AudioSource)?, frames: Int, isHeard: Bool, now: NIODeadline
    ) -> (packets: [[UInt8]], frames: [AudioReceiver.Frame]) {
        guard let srtp else { return ([], []) }
        var packets: [[UInt8]] = []
        for _ in 0..<frames {
            if !isHeard || direction == .sendOnly || direction == .inactive {
                sender.skip()
            } else if let packet = sender.tick(audio, now: now), let bytes = srtp.protect(packet.bytes) {
                packets.append(bytes)
            }
        }
        if let report = reporter.makeReport(sender: sender, receiver: receiver, now: now),
            let bytes = srtp.protectControl(report)
        {
            packets.append(bytes)
        }
        return (packets, receiver.tick(now: now))
    }

    /// The packet that says the voice has left.
    package func goodbye() -> [UInt8]? {
        let report = ControlPacket.receiverReport(source: sender.source, reports: [])
        let goodbye = ControlPacket.goodbye(sources: [sender.source])
        return srtp?.protectControl(report.bytes + goodbye.bytes)
    }

    /// Fills in the counts.
    package func describe(in statistics: inout ConnectionStatistics) {
        if let reception = receiver.reception?.statistics {
            statistics.packetsReceived = reception.received
            statistics.packetsLost = reception.lost
            statistics.jitterSeconds = reception.jitterSeconds
        }
        statistics.packetsRecovered = receiver.recovered
        statistics.framesConcealed = receiver.concealedFrames
        statistics.packetsSent = sender.packetsSent
        statistics.remoteLoss = reporter.remoteLoss
        statistics.roundTripSeconds = reporter.roundTrip.map { Double($0.nanoseconds) / 1e9 }
    }
}
