import Foundation
import Testing
import annie

@Suite("The progress line")
struct ProgressLineTests {
    /// Collects what is written, by a clock that only the test moves.
    private final class Recorder {
        var written: [String] = []
        var time = 100.0

        func line(isTerminal: Bool) -> ProgressLine {
            ProgressLine(
                "pull", unit: .bytes, isTerminal: isTerminal, write: { self.written.append($0) }, now: { self.time })
        }
    }

    @Test("a terminal's line is rewritten in place with share, rate and time left")
    func terminal() {
        let recorder = Recorder()
        var line = recorder.line(isTerminal: true)
        recorder.time += 2
        line.update(10_000_000, of: 40_000_000)
        #expect(recorder.written == ["\r\u{1B}[Kpull  25 %  10.0 MB of 40.0 MB  5.00 MB/s  6.0 s left"])
    }

    @Test("a terminal's line is not rewritten more than ten times a second")
    func throttled() {
        let recorder = Recorder()
        var line = recorder.line(isTerminal: true)
        for step in 1...1000 {
            recorder.time += 0.001
            line.update(step, of: 1000)
        }
        #expect((9...11).contains(recorder.written.count))
    }

    @Test("elsewhere there are whole lines without control codes, at most one in ten seconds")
    func plain() {
        let recorder = Recorder()
        var line = recorder.line(isTerminal: false)
        for step in 1...25 {
            recorder.time += 1
            line.update(step * 1_000_000)
        }
        line.finish("pulled")
        #expect(recorder.written.count == 4)
        #expect(recorder.written.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\u{1B}") })
        #expect(recorder.written.last == "pulled\n")
    }
}

@Suite("Reading what a person types")
struct LineReaderTests {
    private func texts(_ input: String) -> [String] {
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data(input.utf8))
        try? pipe.fileHandleForWriting.close()
        var reader = LineReader(descriptor: pipe.fileHandleForReading.fileDescriptor)
        var texts: [String] = []
        while let text = reader.next() { texts.append(text) }
        return texts
    }

    @Test("each line of a pipe is a text, and the last needs no line break")
    func lines() { #expect(texts("one\ntwo\n\nthree") == ["one", "two", "", "three"]) }

    @Test("lines that the terminal marks as pasted are one text with what is typed around them")
    func markedPaste() {
        let input = "see: \u{1B}[200~one\n\ntwo\u{1B}[201~ ok?\nnext\n"
        #expect(texts(input) == ["see: one\n\ntwo ok?", "next"])
        #expect(texts("\u{1B}[200~one\ntwo") == ["one\ntwo"])
    }

    @Test("a backslash at the end goes on in the next line")
    func continuation() { #expect(texts("one\\\ntwo\nthree\\") == ["one\ntwo", "three\\"]) }

    @Test("a line longer than the read buffer stays whole")
    func longLine() {
        let line = String(repeating: "é", count: 5000)
        #expect(texts(line + "\nend\n") == [line, "end"])
    }
}

@Suite("Tables")
struct TextTableTests {
    @Test("columns line up on their side, without trailing spaces")
    func alignment() {
        var table = TextTable(("name", .left), ("tok/s", .right))
        table.add("decode", "9")
        table.add("prefill 512", "1234")
        #expect(
            table.text == """
                name         tok/s
                decode           9
                prefill 512   1234
                """)
    }

    @Test("bytes are shown in decimal units", arguments: [(999, "999 B"), (1500, "1.50 kB"), (93_000_000, "93.0 MB")])
    func bytes(count: Int, text: String) { #expect(byteText(count) == text) }
}
