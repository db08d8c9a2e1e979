import Foundation

/// One field of a protobuf message, undecoded.
package struct ProtobufField {
    package let number: Int
    /// The bytes of a length-delimited field; empty for the other kinds.
    package let payload: Data
    /// The whole field as it stands in the message.
    package let encoded: Data

    /// The fields of a message.
    package static func all(in message: Data) throws(SpeechError) -> [ProtobufField] {
        var fields: [ProtobufField] = []
        var position = message.startIndex
        while position < message.endIndex {
            let start = position
            let tag = try number(message, &position)
            var payload = message.startIndex..<message.startIndex
            switch tag & 7 {
            case 0: _ = try number(message, &position)
            case 1: try skip(8, message, &position)
            case 2:
                let length = try number(message, &position)
                guard length <= UInt64(message.endIndex - position) else { throw damaged }
                payload = position..<position + Int(length)
                position = payload.upperBound
            case 5: try skip(4, message, &position)
            default: throw damaged
            }
            guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw damaged }
            fields.append(
                ProtobufField(number: Int(tag >> 3), payload: message[payload], encoded: message[start..<position]))
        }
        return fields
    }

    /// A length-delimited field.
    package static func encode(_ payload: Data, number: Int) -> Data {
        head(number: number, count: payload.count) + payload
    }

    /// What stands before the payload of a length-delimited field.
    static func head(number: Int, count: Int) -> Data { encode(UInt64(number) << 3 | 2) + encode(UInt64(count)) }

    private static func encode(_ number: UInt64) -> Data {
        var (bytes, rest) = (Data(), number)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return bytes
    }

    private static let damaged = SpeechError.failed("the model file is damaged: a field is longer than the file")

    private static func skip(_ count: Int, _ message: Data, _ position: inout Int) throws(SpeechError) {
        guard count <= message.endIndex - position else { throw damaged }
        position += count
    }

    private static func number(_ message: Data, _ position: inout Int) throws(SpeechError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < message.endIndex else { throw damaged }
            let byte = message[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw damaged
    }
}
