import NIOCore
import Testing
import WebRTC

@Suite struct ICETests {
    private let caller: SocketAddress
    private let elsewhere: SocketAddress

    init() throws {
        caller = try SocketAddress(ipAddress: "192.0.2.7", port: 4000)
        elsewhere = try SocketAddress(ipAddress: "192.0.2.7", port: 4001)
    }

    @Test func aSignedRequestIsAnsweredWithItsOrigin() throws {
        var agent = ICEAgent(remoteFragment: "them")
        let reply = try #require(check(&agent, from: caller))
        #expect(reply.kind == .success)
        #expect(reply.mappedAddress == caller)
        #expect(agent.selected == caller)
    }

    @Test func aRequestSignedOtherwiseIsRefused() {
        var agent = ICEAgent(remoteFragment: "them")
        #expect(check(&agent, from: caller, password: "guessed") == nil)
        #expect(check(&agent, from: caller, password: nil) == nil)
        #expect(agent.selected == nil)
    }

    @Test func onlyANominationChangesTheWay() throws {
        var agent = ICEAgent(remoteFragment: "them")
        _ = check(&agent, from: caller)
        _ = check(&agent, from: elsewhere)
        #expect(agent.selected == caller)
        _ = check(&agent, from: elsewhere) { $0.isNominating = true }
        #expect(agent.selected == elsewhere)
    }

    @Test func aCallerThatWantsToBeControlledIsToldToControl() throws {
        var agent = ICEAgent(remoteFragment: "them")
        let reply = try #require(
            check(&agent, from: caller) {
                $0.controlling = nil
                $0.controlled = 7
            })
        #expect(reply.kind == .failure)
        #expect(reply.errorCode == 487)
    }

    @Test func theOldCredentialsHoldUntilTheNewAreUsed() {
        var agent = ICEAgent(remoteFragment: "them")
        let old = agent.local
        agent.restart(remoteFragment: "they")
        #expect(agent.local != old)
        #expect(check(&agent, from: caller, as: old) != nil)
        #expect(check(&agent, from: caller) != nil)
        #expect(check(&agent, from: caller, as: old) == nil)
    }

    private func check(
        _ agent: inout ICEAgent, from source: SocketAddress, as credentials: ICECredentials? = nil,
        password: String? = "", _ change: (inout STUNMessage) -> Void = { _ in }
    ) -> STUNMessage? {
        let credentials = credentials ?? agent.local
        var request = STUNMessage(kind: .request, transaction: STUNMessage.makeTransaction())
        request.username = credentials.fragment + ":them"
        request.controlling = 1
        change(&request)
        let bytes = request.bytes(password: password == "" ? credentials.password : password)
        guard let message = STUNMessage(parsing: bytes),
            case .reply(let reply) = agent.receive(message, bytes: bytes, from: source)
        else { return nil }
        return STUNMessage(parsing: reply)
    }
}

@Suite struct SourceLimiterTests {
    @Test func anAllowanceIsUsedUpAndFillsAgain() throws {
        var limiter = SourceLimiter(perSecond: 10, burst: 5)
        let source = try SocketAddress(ipAddress: "192.0.2.1", port: 1)
        for _ in 0..<5 {
            #expect(limiter.allows(source, now: at(0)))
            limiter.charge(source, now: at(0))
        }
        #expect(!limiter.allows(source, now: at(50)))
        #expect(limiter.allows(source, now: at(100)))
    }

    @Test func portsOfOneHostShareAndHostsDoNot() throws {
        var limiter = SourceLimiter(perSecond: 1, burst: 1)
        func allows(_ address: String) throws -> Bool {
            limiter.allows(try SocketAddress(ipAddress: address, port: 2), now: at(0))
        }
        limiter.charge(try SocketAddress(ipAddress: "192.0.2.1", port: 1), now: at(0))
        #expect(try !allows("192.0.2.1"))
        #expect(try allows("192.0.2.2"))
        limiter.charge(try SocketAddress(ipAddress: "2001:db8::1", port: 1), now: at(0))
        #expect(try !allows("2001:db8::ffff:1"))
        #expect(try allows("2001:db9::1"))
    }

    @Test func forgedSourcesDoNotFillMemory() throws {
        var limiter = SourceLimiter(perSecond: 1, burst: 2, maximumSources: 100)
        for index in 0..<5000 {
            limiter.charge(try SocketAddress(ipAddress: "10.0.\(index >> 8).\(index & 255)", port: 1), now: at(0))
            #expect(limiter.rememberedSources <= 100)
        }
    }
}
