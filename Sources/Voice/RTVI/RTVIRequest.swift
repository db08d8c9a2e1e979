import JSON

/// What the page asks, read from a message of the line.
package enum RTVIRequest: Sendable, Equatable {
    /// A sign of life, each second.
    case ping
    case clientReady(id: String, version: String?)
    case disconnectBot
    /// A request of the page's own.
    case clientMessage(id: String, type: String)
    case sendText(id: String, TypedText)
    /// The browser's microphone was switched on or off.
    case microphone(isOn: Bool)
    /// Nothing to do.
    case ignored
}

/// What the user typed.
package struct TypedText: Sendable, Equatable {
    package var text: String
    /// Answer at once, also when she is speaking; otherwise it is told with the next turn.
    package var answersNow = true
    /// Speak the answer, too.
    package var isSpoken = true

    package init(_ text: String, answersNow: Bool = true, isSpoken: Bool = true) {
        self.text = text
        self.answersNow = answersNow
        self.isSpoken = isSpoken
    }
}

/// Why a message of the line was refused.
package struct RTVIError: Error, Equatable, CustomStringConvertible {
    /// The message's id, where it could be read.
    package var id: String?
    package var description: String
}

extension RTVIRequest {
    /// Bytes of a message; the protocol needs far less.
    package static let maximumSize = 65_536
    /// Bytes of what is typed, as over HTTP.
    package static let maximumText = 32_768
    private static let maximumDepth = 32

    /// Reads a message as it came over the line.
    package init(parsing text: String) throws(RTVIError) {
        let size = text.utf8.count
        guard size <= Self.maximumSize else {
            throw RTVIError(description: "message of \(size) bytes refused: the limit is \(Self.maximumSize)")
        }
        if text.hasPrefix("ping") {
            self = .ping
            return
        }
        let message: JSONValue
        do {
            message = try JSONValue(parsing: text, maximumDepth: Self.maximumDepth)
        } catch {
            throw RTVIError(description: "message is not JSON (\(error)); expected an RTVI message")
        }
        guard let type = message["type"]?.string else {
            throw RTVIError(
                id: message["id"]?.string, description: "message without a \"type\"; expected an RTVI message")
        }
        if type == "signalling" {
            self = Self.signal(message["message"])
        } else {
            self = try Self.request(type, message)
        }
    }

    private static func request(_ type: String, _ message: JSONValue) throws(RTVIError) -> RTVIRequest {
        let id = message["id"]?.string
        guard message["label"]?.string == "rtvi-ai" else {
            throw RTVIError(id: id, description: "message labelled otherwise than \"rtvi-ai\"")
        }
        guard let id else { throw RTVIError(description: "RTVI message \"\(type.prefix(64))\" without an \"id\"") }
        let data = message["data"]
        switch type {
        case "client-ready": return .clientReady(id: id, version: data?["version"]?.string)
        case "disconnect-bot": return .disconnectBot
        case "client-message":
            guard let kind = data?["t"]?.string else {
                throw RTVIError(id: id, description: "client-message without a type: expected data.t, a string")
            }
            return .clientMessage(id: id, type: kind)
        case "send-text": return .sendText(id: id, try typed(data, id))
        default: throw RTVIError(id: id, description: "Unsupported type \(type.prefix(64))")
        }
    }

    private static func typed(_ data: JSONValue?, _ id: String) throws(RTVIError) -> TypedText {
        guard let content = data?["content"]?.string else {
            throw RTVIError(id: id, description: "send-text without text: expected data.content, a string")
        }
        guard content.contains(where: { !$0.isWhitespace }) else {
            throw RTVIError(id: id, description: "send-text with empty text")
        }
        guard content.utf8.count <= maximumText else {
            throw RTVIError(
                id: id, description: "send-text of \(content.utf8.count) bytes refused: the limit is \(maximumText)")
        }
        let options = data?["options"]
        return TypedText(
            content, answersNow: options?["run_immediately"]?.bool ?? true,
            isSpoken: options?["audio_response"]?.bool ?? true)
    }

    private static func signal(_ message: JSONValue?) -> RTVIRequest {
        guard message?["type"]?.string == "trackStatus", message?["receiver_index"]?.integer == 0,
            let isOn = message?["enabled"]?.bool
        else { return .ignored }
        return .microphone(isOn: isOn)
    }
}
