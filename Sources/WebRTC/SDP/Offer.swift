/// What an offer asks for, as far as it is done here: one audio section in Opus, data channels, all on one transport.
package struct Offer: Equatable {
    /// What becomes of a section of the offer.
    package enum Section: Equatable {
        case audio(AudioSection)
        case dataChannels(DataSection)
        /// Not done here; the answer refuses it.
        case refused
    }

    /// The audio section that is taken.
    package struct AudioSection: Equatable {
        /// The offer's number for Opus.
        package var payloadType: UInt8
        package var direction: Direction

        package init(payloadType: UInt8, direction: Direction) {
            self.payloadType = payloadType
            self.direction = direction
        }
    }

    /// The data channel section that is taken.
    package struct DataSection: Equatable {
        package var port: UInt16
        /// The largest message the peer takes, in bytes.
        package var maximumMessage: Int
        /// Whether the section is written the old way (`DTLS/SCTP 5000` with `sctpmap`).
        package var isLegacy: Bool
    }

    /// Which way the sound of the offering side flows.
    package enum Direction: String {
        case both = "sendrecv"
        case sendOnly = "sendonly"
        case receiveOnly = "recvonly"
        case inactive

        /// The direction as the answering side has to say it.
        package var answer: Direction {
            switch self {
            case .both, .inactive: self
            case .sendOnly: .receiveOnly
            case .receiveOnly: .sendOnly
            }
        }
    }

    /// The sections of the offer as it has them, with what becomes of each.
    package var sections: [(media: SessionDescription.Section, use: Section)]
    package var iceFragment: String
    package var fingerprint: Fingerprint

    /// The audio section, if there is one.
    package var audio: AudioSection? {
        for case (_, .audio(let audio)) in sections { return audio }
        return nil
    }

    /// The data channel section, if there is one.
    package var dataChannels: DataSection? {
        for case (_, .dataChannels(let channels)) in sections { return channels }
        return nil
    }

    package static func == (a: Offer, b: Offer) -> Bool {
        a.iceFragment == b.iceFragment && a.fingerprint == b.fingerprint && a.sections.elementsEqual(b.sections, by: ==)
    }
}
