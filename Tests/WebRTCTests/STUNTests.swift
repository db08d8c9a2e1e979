import NIOCore
import Testing
import WebRTC

@Suite struct STUNTests {
    /// The samples of RFC 5769; their password.
    static let password = "VOkJxbRl1RmTxUk/WvJxBt"
    static let request = [UInt8](
        hex: """
            00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 10 53 54 55 4e 20 74 65 73
            74 20 63 6c 69 65 6e 74 00 24 00 04 6e 00 01 ff 80 29 00 08 93 2f f9 b1 51 26 3b 36 00 06 00 09
            65 76 74 6a 3a 68 36 76 59 20 20 20 00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49
            c1 b5 71 a2 80 28 00 04 e5 7a 3b cf
            """)
    static let responseIPv4 = [UInt8](
        hex: """
            01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 0b 74 65 73 74 20 76 65 63
            74 6f 72 20 00 20 00 08 00 01 a1 47 e1 12 a6 43 00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9
            2a f9 ba 53 f0 6b e7 d7 80 28 00 04 c0 7d 4c 96
            """)
    static let responseIPv6 = [UInt8](
        hex: """
            01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 0b 74 65 73 74 20 76 65 63
            74 6f 72 20 00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9 00 08 00 14
            a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41 80 28 00 04 c8 fb 0b 4c
            """)

    @Test func theStandardsRequestIsReadAndItsSignatureHolds() throws {
        let message = try #require(STUNMessage(parsing: Self.request))
        #expect(message.kind == .request)
        #expect(message.username == "evtj:h6vY")
        #expect(message.receiverFragment == "evtj")
        #expect(message.priority == 0x6e00_01ff)
        #expect(message.controlled == 0x932f_f9b1_5126_3b36)
        #expect(message.isSigned(with: Self.password, in: Self.request))
        #expect(!message.isSigned(with: Self.password + "x", in: Self.request))
    }

    @Test func theStandardsResponsesTellTheirAddresses() throws {
        let four = try #require(STUNMessage(parsing: Self.responseIPv4))
        let addressIPv4 = try SocketAddress(ipAddress: "192.0.2.1", port: 32853)
        #expect(four.mappedAddress == addressIPv4)
        #expect(four.isSigned(with: Self.password, in: Self.responseIPv4))
        let six = try #require(STUNMessage(parsing: Self.responseIPv6))
        let addressIPv6 = try SocketAddress(ipAddress: "2001:db8:1234:5678:11:2233:4455:6677", port: 32853)
        #expect(six.mappedAddress == addressIPv6)
        #expect(six.isSigned(with: Self.password, in: Self.responseIPv6))
    }

    @Test func everyChangedBitOfWhatIsSignedIsSeen() {
        // The fingerprint, the last 8 bytes, is not signed.
        for index in Self.request.indices.dropLast(8) {
            for bit in 0..<8 {
                var bytes = Self.request
                bytes[index] ^= 1 << bit
                let isSigned = STUNMessage(parsing: bytes)?.isSigned(with: Self.password, in: bytes) ?? false
                #expect(!isSigned, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var message = STUNMessage(kind: .request, transaction: STUNMessage.makeTransaction())
        message.username = "abcd:efg"
        message.priority = 12345
        message.isNominating = true
        message.controlling = .max - 1
        message.mappedAddress = try SocketAddress(ipAddress: "fe80::1", port: 1)
        message.errorCode = 487
        let bytes = message.bytes(password: "secret")
        var read = try #require(STUNMessage(parsing: bytes))
        #expect(read.isSigned(with: "secret", in: bytes))
        read.integrityOffset = nil
        #expect(read == message)
    }

    @Test func attributesBehindTheSignatureCountForNothing() throws {
        var message = STUNMessage(kind: .request, transaction: STUNMessage.makeTransaction())
        message.username = "a:b"
        var bytes = message.bytes(password: "secret")
        bytes.removeLast(8)
        bytes += [0x00, 0x25, 0, 0]
        bytes[3] = UInt8(bytes.count - 20)
        let read = try #require(STUNMessage(parsing: bytes))
        #expect(!read.isNominating)
        #expect(read.isSigned(with: "secret", in: bytes))
    }

    @Test func damagedMessagesNeverCrash() {
        var understood = 0
        fuzz([Self.request, Self.responseIPv4, Self.responseIPv6, Array(Self.request.dropLast(8))]) { bytes in
            guard let message = STUNMessage(parsing: bytes) else { return }
            understood += 1
            _ = message.isSigned(with: Self.password, in: bytes)
            _ = message.bytes(password: "x")
        }
        #expect(understood < 20_000)
    }
}
