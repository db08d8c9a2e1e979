import Foundation

/// Reads lines from a file descriptor, and takes lines that the terminal marks as pasted for one text.
package struct LineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    /// Reads standard input unless told otherwise.
    package init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

    /// The next text, nil at the end of the input. A line that ends in a backslash goes on in the next.
    package mutating func next() -> String? {
        guard var text = nextLine() else { return nil }
        while true {
            if let start = text.range(of: PasteMode.start, options: .backwards),
                !text[start.upperBound...].contains(PasteMode.end)
            {
                guard let more = nextLine() else { return withoutMarks(text) }
                text += "\n" + more
            } else if text.hasSuffix("\\") {
                guard let more = nextLine() else { return withoutMarks(text) }
                text = text.dropLast() + "\n" + more
            } else {
                return withoutMarks(text)
            }
        }
    }

    private func withoutMarks(_ text: String) -> String {
        text.replacing(PasteMode.start, with: "").replacing(PasteMode.end, with: "")
    }

    private mutating func nextLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return line
            }
            if isAtEnd {
                defer { buffer = [] }
                return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
            }
            fill()
        }
    }

    private mutating func fill() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &chunk, chunk.count)
        if count > 0 {
            buffer += chunk[..<count]
        } else if count == 0 || errno != EINTR {
            isAtEnd = true
        }
    }
}
