import NIOCore

/// What one side signs its ICE messages with.
package struct ICECredentials: Equatable, Sendable {
    /// Names the session, so that one port serves many.
    package var fragment: String
    package var password: String

    package init(fragment: String, password: String) {
        self.fragment = fragment
        self.password = password
    }

    /// New credentials of chance, longer than the standard asks.
    package static func random() -> ICECredentials {
        ICECredentials(fragment: randomText(12), password: randomText(28))
    }

    private static func randomText(_ length: Int) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        return String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count)] })
    }
}

/// The answering side of ICE, the "lite" kind (RFC 8445, section 2.5): it asks nothing and answers what is signed.
package struct ICEAgent {
    /// What came of a message.
    package enum Outcome: Equatable {
        /// Not signed with this session's password, or of no use.
        case refused
        case reply([UInt8])
    }

    /// What the peer must sign with.
    package private(set) var local: ICECredentials
    /// Those before a restart: they hold until the peer uses the new ones, so that sound goes on meanwhile.
    package private(set) var previous: ICECredentials?
    /// What the peer calls itself; another one in a later offer is a restart.
    package private(set) var remoteFragment: String
    /// Where to send: the pair that the peer nominated, or the first that worked.
    package private(set) var selected: SocketAddress?

    package init(remoteFragment: String) {
        local = .random()
        self.remoteFragment = remoteFragment
    }

    /// New credentials, because the peer offered with a new fragment.
    package mutating func restart(remoteFragment: String) {
        previous = local
        local = .random()
        self.remoteFragment = remoteFragment
    }

    /// Answers a message that names this session.
    package mutating func receive(
        _ message: STUNMessage, bytes: [UInt8], from source: SocketAddress
    ) -> Outcome {
        guard message.kind == .request, let credentials = credentials(for: message),
            message.isSigned(with: credentials.password, in: bytes)
        else { return .refused }
        var reply = STUNMessage(kind: .success, transaction: message.transaction)
        if message.controlled != nil {
            // This side is always controlled: the other has to take the other role.
            reply.kind = .failure
            reply.errorCode = 487
            return .reply(reply.bytes(password: credentials.password))
        }
        if credentials == local { previous = nil }
        if message.isNominating || selected == nil { selected = source }
        reply.mappedAddress = source
        return .reply(reply.bytes(password: credentials.password))
    }

    private func credentials(for message: STUNMessage) -> ICECredentials? {
        guard let fragment = message.receiverFragment else { return nil }
        if fragment == local.fragment { return local }
        if let previous, fragment == previous.fragment { return previous }
        return nil
    }
}

extension STUNMessage {
    /// The username fragment of the session that the message is for.
    package var receiverFragment: String? {
        username.flatMap { $0.split(separator: ":", maxSplits: 1).first.map(String.init) }
    }
}
