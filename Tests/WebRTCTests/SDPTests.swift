import NIOCore
import Testing
import WebRTC

@Suite struct OfferTests {
    @Test func chromiumsOfferIsUnderstood() throws {
        let offer = try Offer(parsing: fixture("chromium-offer.sdp"))
        #expect(offer.audio == Offer.AudioSection(payloadType: 111, direction: .both))
        #expect(offer.dataChannels?.port == 5000)
        #expect(offer.dataChannels?.maximumMessage == 262_144)
        #expect(offer.sections.map(\.media.kind) == ["audio", "video", "application"])
        #expect(offer.sections[1].use == .refused)
        #expect(offer.fingerprint.bits == 256)
    }

    @Test func aiortcsOfferIsUnderstoodByItsStrongestFingerprint() throws {
        let offer = try Offer(parsing: fixture("aiortc-offer.sdp"))
        #expect(offer.audio?.payloadType == 96)
        #expect(offer.fingerprint.bits == 512)
        #expect(offer.fingerprint.digest.count == 64)
    }

    @Test func lineEndingsDoNotMatter() throws {
        let text = try fixture("chromium-offer.sdp")
        let unix = try Offer(parsing: text.replacing("\r\n", with: "\n"))
        #expect(try Offer(parsing: text) == unix)
    }

    @Test(arguments: [
        ("", "v=0"), ("hello", "line 1"), ("v=0\r\n", "no media section"), ("v=0\r\nm=audio\r\n", "line 2"),
        ("v=0\r\nm=audio 99999 X 1\r\n", "line 2"),
    ])
    func malformedOffersAreRefusedWithTheReason(text: String, reason: String) {
        let error = #expect(throws: WebRTCError.self) { try Offer(parsing: text) }
        #expect(error?.description.contains(reason) == true, "\(error.map(\.description) ?? "")")
    }

    @Test(arguments: [
        ("a=setup:actpass", "a=setup:passive"), ("s=-", "s=-\na=ice-lite"), ("opus/48000/2", "iLBC/8000"),
    ])
    func offersThatCannotBeMetAreRefused(text: String, replacement: String) throws {
        let offer = try fixture("chromium-offer.sdp").replacing("\r\n", with: "\n")
            .replacing(text, with: replacement).replacing("UDP/DTLS/SCTP", with: "UDP/OTHER")
        let error = #expect(throws: WebRTCError.self) { try Offer(parsing: offer) }
        guard case .unsupportedOffer = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test func aMissingFingerprintOrFragmentIsNamed() throws {
        let text = try fixture("chromium-offer.sdp")
        for name in ["fingerprint", "ice-ufrag"] {
            let error = #expect(throws: WebRTCError.self) {
                try Offer(parsing: text.replacing("a=\(name)", with: "a=other"))
            }
            #expect(error?.description.contains(name) == true)
        }
    }

    @Test func whatStandsOutsideTheBundleIsRefused() throws {
        let text = try fixture("chromium-offer.sdp").replacing("a=group:BUNDLE 0 1 2", with: "a=group:BUNDLE 0 1")
        let offer = try Offer(parsing: text)
        #expect(offer.audio != nil)
        #expect(offer.dataChannels == nil)
    }

    @Test func aLegacyDataChannelIsUnderstood() throws {
        let text = try fixture("chromium-offer.sdp")
            .replacing("UDP/DTLS/SCTP webrtc-datachannel", with: "DTLS/SCTP 5001")
            .replacing("a=sctp-port:5000", with: "a=sctpmap:5001 webrtc-datachannel 1024")
        let channels = try Offer(parsing: text).dataChannels
        #expect(channels?.port == 5001)
        #expect(channels?.isLegacy == true)
    }

    @Test func damagedOffersNeverCrash() throws {
        let samples = [Array(try fixture("chromium-offer.sdp").utf8), Array(try fixture("aiortc-offer.sdp").utf8)]
        fuzz(samples, rounds: 1_000) { bytes in
            guard let offer = try? Offer(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
            _ = AnswerTests.answer(offer).text
        }
    }

    @Test func linesOfAnOfferInAnyOrderNeverCrash() throws {
        let lines = try fixture("chromium-offer.sdp").split(whereSeparator: \.isNewline)
        var chance = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            var some = lines.shuffled(using: &chance).prefix(.random(in: 0...lines.count, using: &chance))
            some.insert("v=0", at: 0)
            guard let offer = try? Offer(parsing: some.joined(separator: "\n")) else { continue }
            let again = try Offer(parsing: some.joined(separator: "\r\n"))
            #expect(again == offer)
            _ = AnswerTests.answer(offer).text
        }
    }
}

@Suite struct AnswerTests {
    @Test func everySectionIsAnsweredInItsPlace() throws {
        let lines = Self.answer(try Offer(parsing: fixture("chromium-offer.sdp"))).text.split(separator: "\r\n")
        let sections = lines.filter { $0.hasPrefix("m=") }
        #expect(sections.count == 3)
        #expect(sections[0] == "m=audio 5004 UDP/TLS/RTP/SAVPF 111")
        #expect(sections[1].hasPrefix("m=video 0 "))
        #expect(sections[2] == "m=application 5004 UDP/DTLS/SCTP webrtc-datachannel")
        #expect(lines.contains("a=group:BUNDLE 0 2"))
        #expect(lines.contains("a=ice-lite"))
        #expect(lines.contains("a=setup:passive"))
        #expect(lines.contains("a=sendrecv"))
        #expect(lines.contains("a=rtpmap:111 opus/48000/2"))
    }

    @Test func eachAddressIsACandidateOfItsOwnPriority() throws {
        let lines = Self.answer(try Offer(parsing: fixture("chromium-offer.sdp"))).text.split(separator: "\r\n")
        let audio = lines.drop { !$0.hasPrefix("m=audio") }.prefix { !$0.hasPrefix("m=video") }
        let candidates = audio.filter { $0.hasPrefix("a=candidate:") }.map { $0.split(separator: " ") }
        #expect(candidates.map { $0[4] } == ["192.0.2.1", "2001:db8::1"])
        #expect(Set(candidates.map { $0[3] }).count == 2)
    }

    @Test(arguments: [
        ("sendrecv", "sendrecv"), ("sendonly", "recvonly"), ("recvonly", "sendonly"), ("inactive", "inactive"),
    ])
    func theDirectionIsTheOthersView(offered: String, answered: String) throws {
        let text = try fixture("aiortc-offer.sdp").replacing("a=sendrecv", with: "a=\(offered)")
        #expect(Self.answer(try Offer(parsing: text)).text.contains("a=\(answered)\r\n"))
    }

    static func answer(_ offer: Offer) -> Answer {
        let addresses = ["192.0.2.1", "2001:db8::1"].compactMap { try? SocketAddress(ipAddress: $0, port: 5004) }
        return Answer(
            offer: offer, credentials: .random(), fingerprint: "AB", addresses: addresses, ssrc: 7, sessionID: 1,
            version: 1, maximumMessage: 65536)
    }
}

@Suite struct FingerprintTests {
    @Test func aFingerprintIsReadInEitherCase() {
        let digits = (0..<32).map { String($0 + 160, radix: 16) }.joined(separator: ":")
        let fingerprint = Fingerprint(attribute: "SHA-256 \(digits)")
        #expect(fingerprint?.digest == (0..<32).map { UInt8($0 + 160) })
        #expect(fingerprint?.text == digits.uppercased())
    }

    @Test(arguments: [
        "", "sha-256", "sha-1 AB", "sha-256 AB:CD",
        "sha-256 " + Array(repeating: "+1", count: 32).joined(separator: ":"),
    ])
    func aMalformedFingerprintIsNone(text: String) {
        #expect(Fingerprint(attribute: text) == nil)
    }
}
