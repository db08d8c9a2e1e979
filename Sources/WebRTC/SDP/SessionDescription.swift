/// An SDP text taken apart into sections and attributes (RFC 8866), before anything in it has a meaning.
package struct SessionDescription: Equatable {
    /// A line `a=name:value`, or `a=name` with an empty value.
    package struct Attribute: Equatable {
        package var name: String
        package var value: String
    }

    /// An `m=` line with the attributes that follow it.
    package struct Section: Equatable {
        /// `audio`, `video` or `application`.
        package var kind: String
        package var port: Int
        package var transport: String
        /// RTP payload types, or the application's name.
        package var formats: [String]
        package var attributes: [Attribute] = []
    }

    package var attributes: [Attribute] = []
    package var sections: [Section] = []

    private static let maximumBytes = 256 << 10
    private static let maximumSections = 64

    /// Reads an SDP text, with either kind of line ending.
    package init(parsing text: String) throws(WebRTCError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw .malformedOffer("it has \(text.utf8.count) bytes, and at most \(Self.maximumBytes) are read")
        }
        var hasVersion = false
        for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
            guard let kind = line.first, line.dropFirst().first == "=" else {
                throw .malformedOffer("line \(index + 1) is not of the form x=…")
            }
            let value = line.dropFirst(2)
            if index == 0 { hasVersion = kind == "v" && value.trimmed == "0" }
            switch kind {
            case "m": sections.append(try Self.section(value, line: index + 1))
            case "a": append(Self.attribute(value))
            default: break
            }
            guard sections.count <= Self.maximumSections else {
                throw .malformedOffer("it has more than \(Self.maximumSections) media sections")
            }
        }
        guard hasVersion else { throw .malformedOffer("it does not begin with the line v=0") }
    }

    private mutating func append(_ attribute: Attribute) {
        if sections.isEmpty {
            attributes.append(attribute)
        } else {
            sections[sections.count - 1].attributes.append(attribute)
        }
    }

    private static func attribute(_ text: Substring) -> Attribute {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return Attribute(name: parts[0].trimmed, value: parts.count == 2 ? parts[1].trimmed : "")
    }

    private static func section(_ text: Substring, line: Int) throws(WebRTCError) -> Section {
        let parts = text.split(separator: " ").map(String.init)
        // The port may be followed by a number of ports, which nobody uses.
        guard parts.count >= 4, let port = parts[1].split(separator: "/").first.flatMap({ Int($0) }), port >= 0,
            port <= 65535
        else {
            throw .malformedOffer("line \(line) is not a media line with kind, port, transport and formats")
        }
        return Section(kind: parts[0], port: port, transport: parts[2], formats: Array(parts[3...]))
    }
}

extension [SessionDescription.Attribute] {
    /// The value of the first attribute of that name.
    func first(_ name: String) -> String? {
        first { $0.name == name }?.value
    }

    /// The values of all attributes of that name.
    func all(_ name: String) -> [String] {
        filter { $0.name == name }.map(\.value)
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    var trimmed: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text.drop(while: \.isWhitespace))
    }
}
