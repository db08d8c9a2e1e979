import HTTPTypes
import Hummingbird

/// Names of requests: the client's own where it gave one, else random.
enum RequestIdentifier {
    /// `X-Request-Id` if it is short and plain, so that it can stand in a log line and a header; else 32 random digits.
    static func base(for request: Request) -> String {
        guard let given = request.headers[.requestID], isPlain(given) else { return random() }
        return given
    }

    static func isPlain(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// 32 random hexadecimal digits.
    static func random() -> String { hexadecimal(.random(in: 0 ... .max)) + hexadecimal(.random(in: 0 ... .max)) }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension HTTPField.Name {
    // Both names are tokens, which is all that can be wrong with one.
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let acceptBuffering = HTTPField.Name("X-Accel-Buffering")!
}
