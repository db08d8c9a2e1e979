import NIOCore

/// The answer to an offer, from which its text is written.
package struct Answer {
    package var offer: Offer
    package var credentials: ICECredentials
    /// The fingerprint of this side's certificate, as SDP writes it.
    package var fingerprint: String
    /// Where this side can be reached.
    package var addresses: [SocketAddress]
    /// The source of this side's sound.
    package var ssrc: UInt32
    /// Names the session, and counts its answers.
    package var sessionID: UInt64
    package var version: Int
    /// Bytes of the largest message this side takes.
    package var maximumMessage: Int

    package init(
        offer: Offer, credentials: ICECredentials, fingerprint: String, addresses: [SocketAddress], ssrc: UInt32,
        sessionID: UInt64, version: Int, maximumMessage: Int
    ) {
        self.offer = offer
        self.credentials = credentials
        self.fingerprint = fingerprint
        self.addresses = addresses
        self.ssrc = ssrc
        self.sessionID = sessionID
        self.version = version
        self.maximumMessage = maximumMessage
    }

    /// The SDP text.
    package var text: String {
        let accepted = offer.sections.filter { $0.use != .refused }.compactMap { $0.media.attributes.first("mid") }
        var lines = ["v=0", "o=- \(sessionID) \(version) IN IP4 127.0.0.1", "s=-", "t=0 0"]
        if !accepted.isEmpty { lines.append("a=group:BUNDLE \(accepted.joined(separator: " "))") }
        lines += ["a=ice-lite", "a=msid-semantic: WMS *"]
        for (media, use) in offer.sections {
            switch use {
            case .audio(let audio): lines += audioLines(media, audio)
            case .dataChannels(let channels): lines += dataLines(media, channels)
            case .refused: lines += refusedLines(media)
            }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private func audioLines(_ media: SessionDescription.Section, _ audio: Offer.AudioSection) -> [String] {
        let type = audio.payloadType
        let direction = audio.direction.answer
        var lines = ["m=audio \(port) \(media.transport) \(type)"] + transportLines(media)
        lines += ["a=\(direction.rawValue)", "a=rtcp-mux", "a=rtcp:\(port) \(connection)"]
        lines += [
            "a=rtpmap:\(type) opus/48000/2",
            "a=fmtp:\(type) minptime=10;useinbandfec=1;stereo=0;sprop-stereo=0;usedtx=0", "a=ptime:20",
        ]
        if direction == .both || direction == .sendOnly {
            lines += ["a=msid:voice voice0", "a=ssrc:\(ssrc) cname:\(AudioSender.canonicalName(ssrc))"]
        }
        return lines
    }

    private func dataLines(_ media: SessionDescription.Section, _ channels: Offer.DataSection) -> [String] {
        let format = channels.isLegacy ? "\(channels.port)" : "webrtc-datachannel"
        let map =
            channels.isLegacy ? "a=sctpmap:\(channels.port) webrtc-datachannel 256" : "a=sctp-port:\(channels.port)"
        return ["m=application \(port) \(media.transport) \(format)"] + transportLines(media)
            + [map, "a=max-message-size:\(maximumMessage)"]
    }

    private func refusedLines(_ media: SessionDescription.Section) -> [String] {
        let formats = media.formats.joined(separator: " ")
        var lines = ["m=\(media.kind) 0 \(media.transport) \(formats)", "c=IN IP4 0.0.0.0", "a=inactive"]
        if let mid = media.attributes.first("mid") { lines.append("a=mid:\(mid)") }
        return lines
    }

    private func transportLines(_ media: SessionDescription.Section) -> [String] {
        var lines = ["c=\(connection)"]
        if let mid = media.attributes.first("mid") { lines.append("a=mid:\(mid)") }
        lines += candidates + ["a=end-of-candidates"]
        lines += ["a=ice-ufrag:\(credentials.fragment)", "a=ice-pwd:\(credentials.password)"]
        lines += ["a=fingerprint:sha-256 \(fingerprint)", "a=setup:passive"]
        return lines
    }

    // IPv6 first, as RFC 8421 has it; then in the order given.
    private var candidates: [String] {
        addresses.enumerated().compactMap { index, address in
            guard let ip = address.ipAddress, let port = address.port else { return nil }
            let preference = (address.protocol == .inet6 ? 65535 : 32767) - index
            let priority = 126 << 24 | preference << 8 | 255
            return "a=candidate:\(index + 1) 1 udp \(priority) \(ip) \(port) typ host"
        }
    }

    private var port: Int { addresses.first?.port ?? 9 }

    private var connection: String {
        guard let address = addresses.first, let ip = address.ipAddress else { return "IN IP4 0.0.0.0" }
        return "IN \(address.protocol == .inet6 ? "IP6" : "IP4") \(ip)"
    }
}
