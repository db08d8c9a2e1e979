import Foundation

/// Reads lines from a file descriptor, and takes lines that arrive at once, as from a paste, for one text.
package struct LineReader {
    private let descriptor: Int32
    private let joinsPastes: Bool
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    /// Reads standard input.
    package init() { self.init(descriptor: STDIN_FILENO, joinsPastes: isatty(STDIN_FILENO) == 1) }

    /// - Parameter joinsPastes: lines that are there already belong to the line before; for terminals, where a person
    ///   types no two lines within milliseconds.
    package init(descriptor: Int32, joinsPastes: Bool) {
        self.descriptor = descriptor
        self.joinsPastes = joinsPastes
    }

    /// The next text, nil at the end of the input. A line that ends in a backslash goes on in the next.
    package mutating func next() -> String? {
        guard var text = nextLine() else { return nil }
        while true {
            if text.hasSuffix("\\") {
                guard let more = nextLine() else { return text }
                text = text.dropLast() + "\n" + more
            } else if joinsPastes, isMoreWaiting() {
                guard let more = nextLine() else { return text }
                text += "\n" + more
            } else {
                return text
            }
        }
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

    private func isMoreWaiting() -> Bool {
        if !buffer.isEmpty { return true }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 20) == 1 && request.revents & Int16(POLLIN) != 0
    }
}
