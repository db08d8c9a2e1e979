extension Offer {
    /// Reads an offer and decides what becomes of each section.
    package init(parsing text: String) throws(WebRTCError) {
        let description = try SessionDescription(parsing: text)
        guard !description.sections.isEmpty else { throw .malformedOffer("it has no media section") }
        sections = Self.uses(of: description)
        guard let tagged = sections.first(where: { $0.use != .refused })?.media else {
            throw .unsupportedOffer("it has no Opus audio and no data channel, and nothing else is spoken here")
        }
        // What all sections of a bundle share stands in its first accepted one, or above all sections.
        let attributes = tagged.attributes + description.attributes
        guard description.attributes.first("ice-lite") == nil else {
            throw .unsupportedOffer("both sides are ICE-lite, so nobody would look for a way to the other")
        }
        guard attributes.first("setup") != "passive" else {
            throw .unsupportedOffer("it asks this side to begin the DTLS handshake; offer setup:actpass or active")
        }
        guard let fragment = attributes.first("ice-ufrag"), (4...256).contains(fragment.utf8.count) else {
            throw .malformedOffer("the first usable section has no ice-ufrag of 4 to 256 characters")
        }
        iceFragment = fragment
        fingerprint = try Self.fingerprint(in: tagged.attributes, or: description.attributes)
    }

    /// The fingerprint of the strongest hash function, of those in the section or else of the session.
    private static func fingerprint(
        in section: [SessionDescription.Attribute], or session: [SessionDescription.Attribute]
    ) throws(WebRTCError) -> Fingerprint {
        let own = section.all("fingerprint")
        let known = (own.isEmpty ? session.all("fingerprint") : own).compactMap(Fingerprint.init(attribute:))
        guard let strongest = known.max(by: { $0.bits < $1.bits }) else {
            throw .malformedOffer("the first usable section has no SHA-2 fingerprint of a certificate")
        }
        return strongest
    }

    private static func uses(
        of description: SessionDescription
    ) -> [(media: SessionDescription.Section, use: Section)] {
        let bundles = description.attributes.all("group").map { $0.split(separator: " ").map(String.init) }
            .filter { $0.first == "BUNDLE" }.map { $0.dropFirst() }
        var bundle: ArraySlice<String>?
        var taken: [String] = []
        return description.sections.map { media in
            let use = use(of: media)
            // One of each kind is taken, and all that is taken shares a transport.
            guard use != .refused, !taken.contains(media.kind), media.attributes.first("mid") != nil || taken.isEmpty
            else { return (media, .refused) }
            let mid = media.attributes.first("mid") ?? ""
            if taken.isEmpty {
                bundle = bundles.first { $0.contains(mid) }
            } else if bundle?.contains(mid) != true {
                return (media, .refused)
            }
            taken.append(media.kind)
            return (media, use)
        }
    }

    private static func use(of media: SessionDescription.Section) -> Section {
        guard media.port != 0 || media.attributes.first("bundle-only") != nil else { return .refused }
        switch media.kind {
        case "audio": return audio(media).map(Section.audio) ?? .refused
        case "application": return dataChannels(media).map(Section.dataChannels) ?? .refused
        default: return .refused
        }
    }

    private static func audio(_ media: SessionDescription.Section) -> AudioSection? {
        guard media.transport.hasPrefix("UDP/TLS/RTP/SAVP"), media.attributes.first("rtcp-mux") != nil else {
            return nil
        }
        for map in media.attributes.all("rtpmap") {
            let parts = map.split(separator: " ")
            // Payload types that could be taken for RTCP are no payload types (RFC 5761).
            guard parts.count == 2, let type = UInt8(parts[0]), type < 128, !(64..<96).contains(type),
                media.formats.contains(String(parts[0])), parts[1].lowercased() == "opus/48000/2"
            else { continue }
            let names = media.attributes.map(\.name)
            let direction = names.lazy.compactMap(Direction.init(rawValue:)).first ?? .both
            return AudioSection(payloadType: type, direction: direction)
        }
        return nil
    }

    private static func dataChannels(_ media: SessionDescription.Section) -> DataSection? {
        guard media.transport.contains("DTLS/SCTP") else { return nil }
        // A peer that does not say how much it takes takes 64 KiB; one that says 0 takes anything (RFC 8841).
        let stated = media.attributes.first("max-message-size").flatMap { Int($0) } ?? 65536
        let maximum = stated > 0 ? stated : Int.max
        if media.formats.first == "webrtc-datachannel" {
            guard let port = media.attributes.first("sctp-port").flatMap({ UInt16($0) }), port > 0 else { return nil }
            return DataSection(port: port, maximumMessage: maximum, isLegacy: false)
        }
        guard let port = media.formats.first.flatMap({ UInt16($0) }), port > 0,
            media.attributes.first("sctpmap")?.contains("webrtc-datachannel") == true
        else { return nil }
        return DataSection(port: port, maximumMessage: maximum, isLegacy: true)
    }
}
