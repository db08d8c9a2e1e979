import Testing
import WebRTC

@Suite struct DataChannelMessageTests {
    @Test(arguments: [("chat", ""), ("", ""), ("Grüße", "json")])
    func whatIsWrittenIsReadAgain(label: String, protocolName: String) {
        let message = DataChannelMessage.open(label: label, protocolName: protocolName)
        #expect(DataChannelMessage(parsing: message.bytes) == message)
    }

    @Test func aLabelLongerThanTheMessageIsRefused() {
        var bytes = DataChannelMessage.open(label: "chat", protocolName: "").bytes
        bytes[9] = 200
        #expect(DataChannelMessage(parsing: bytes) == nil)
    }

    @Test func damagedMessagesNeverCrash() {
        var refused = 0
        fuzz([DataChannelMessage.open(label: "chat", protocolName: "x").bytes, [2]]) {
            if DataChannelMessage(parsing: $0) == nil { refused += 1 }
        }
        #expect(refused > 0)
    }
}
