import Companion
import Foundation
import JSON
import Testing

/// An export on disk, read into a fresh store.
private func importing(
    _ text: String, as name: String = "conversations.json", twice: Bool = false
) throws -> (store: CompanionStore, report: ImportReport) {
    try withFolder { folder in
        try Data(text.utf8).write(to: folder.appending(path: name))
        let store = try CompanionStore.forTest()
        if twice { _ = try store.importConversations(from: folder.path) }
        return (store, try store.importConversations(from: folder.path))
    }
}

private func chatGPT(_ id: String, nodes: String, current: String) -> String {
    """
    {"conversation_id": "\(id)", "title": "A title", "create_time": 1700000000.5, "update_time": 1700000100,
     "current_node": "\(current)", "mapping": {\(nodes)}}
    """
}

private func node(
    _ id: String, parent: String?, role: String, text: String, extra: String = "", type: String = "text"
) -> String {
    let parent = parent.map { "\"\($0)\"" } ?? "null"
    return """
        "\(id)": {"id": "\(id)", "parent": \(parent), "children": [], "message": {"id": "\(id)",
          "author": {"role": "\(role)"}, "create_time": null\(extra),
          "content": {"content_type": "\(type)", "parts": ["\(text)"]}}}
        """
}

struct ChatGPTImportTests {
    private let tree = [
        #""root": {"id": "root", "parent": null, "children": ["s"], "message": null}"#,
        node("s", parent: "root", role: "system", text: "You are helpful"),
        node("u1", parent: "s", role: "user", text: "What is a fjord?"),
        node("a1", parent: "u1", role: "assistant", text: "An old answer"),
        node("a2", parent: "u1", role: "assistant", text: "A long narrow inlet."),
        node("t", parent: "a2", role: "tool", text: "tool output"),
        node("c", parent: "t", role: "assistant", text: "search()", extra: #", "recipient": "browser""#),
        node(
            "h", parent: "c", role: "user", text: "hidden",
            extra: #", "metadata": {"is_visually_hidden_from_conversation": true}"#),
        node("u2", parent: "h", role: "user", text: "Thanks"),
    ].joined(separator: ",")

    @Test func thePathToTheCurrentNodeIsTheConversation() throws {
        let (store, report) = try importing("[\(chatGPT("abc", nodes: tree, current: "u2"))]")
        #expect(report == ImportReport(sessions: 1, messages: 3))
        let transcript = try store.transcript(of: "chatgpt-abc")
        #expect(
            transcript.map(\.message) == [
                ChatMessage(.user, "What is a fjord?"), ChatMessage(.assistant, "A long narrow inlet."),
                ChatMessage(.user, "Thanks"),
            ])
        let session = try #require(try store.session("chatgpt-abc"))
        #expect(session.title == "A title")
        #expect(session.startedAt == Date(timeIntervalSince1970: 1_700_000_000.5))
        #expect(try store.search("fjord", limit: 3, excludedSession: nil).count == 1)
    }

    @Test func withoutACurrentNodeTheNewestLeafEndsThePath() throws {
        let nodes = [
            node("u", parent: nil, role: "user", text: "hi"),
            node("old", parent: "u", role: "assistant", text: "old").replacing("null,", with: "5,"),
            node("new", parent: "u", role: "assistant", text: "new").replacing("null,", with: "9,"),
        ].joined(separator: ",")
        let (store, _) = try importing("[\(chatGPT("abc", nodes: nodes, current: "gone"))]")
        #expect(try store.transcript(of: "chatgpt-abc").map(\.message.content) == ["hi", "new"])
    }

    @Test func aTreeThatGoesRoundInACircleIsSkipped() throws {
        let nodes =
            node("a", parent: "b", role: "user", text: "x") + "," + node("b", parent: "a", role: "user", text: "y")
        for current in ["a", "gone"] {
            let (_, report) = try importing("[\(chatGPT("abc", nodes: nodes, current: current))]")
            #expect(report.sessions == 0)
            #expect(report.problems.map(\.place) == ["conversation 1 of conversations.json"])
        }
    }

    @Test func spokenWordsAreKeptAndPicturesAreNot() throws {
        let parts = """
            "u": {"parent": null, "message": {"author": {"role": "user"}, "content": {"content_type": "multimodal_text",
            "parts": [{"content_type": "image_asset_pointer"}, "look",
            {"content_type": "audio_transcription", "text": "at this"}]}}}
            """
        let (store, _) = try importing("[\(chatGPT("abc", nodes: parts, current: "u"))]")
        #expect(try store.transcript(of: "chatgpt-abc").map(\.message.content) == ["look\nat this"])
    }

    @Test func exportsInSeveralFilesAreReadAsOne() throws {
        try withFolder { folder in
            for number in 0..<3 {
                let nodes = node("u", parent: nil, role: "user", text: "hi \(number)")
                let text = "[\(chatGPT("id\(number)", nodes: nodes, current: "u"))]"
                try Data(text.utf8).write(to: folder.appending(path: "conversations-00\(number).json"))
            }
            #expect(try CompanionStore.forTest().importConversations(from: folder.path).sessions == 3)
        }
    }
}

struct ClaudeImportTests {
    private let text = """
        [{"uuid": "11-22", "name": "", "created_at": "2025-01-02T03:04:05.678901Z", "updated_at": "2025-01-03T00:00:00Z",
          "chat_messages": [
            {"sender": "human", "text": "What is a fjord?", "created_at": "2025-01-02T03:04:06Z"},
            {"sender": "assistant", "text": "ignored", "created_at": "2025-01-02T03:04:09.5Z", "content": [
              {"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "An inlet."},
              {"type": "tool_use", "name": "x", "input": {}}, {"type": "text", "text": "Deep."}]},
            {"sender": "human", "text": "   "}, {"sender": "elf", "text": "hi"}]},
         {"uuid": "33", "name": "empty", "chat_messages": []}]
        """

    @Test func messagesKeepTheirOrderAndTimes() throws {
        let (store, report) = try importing(text)
        #expect(report == ImportReport(sessions: 1, messages: 2, empty: 1))
        let transcript = try store.transcript(of: "claude-11-22")
        #expect(
            transcript.map(\.message) == [
                ChatMessage(.user, "What is a fjord?"), ChatMessage(.assistant, "An inlet.\nDeep."),
            ])
        #expect(transcript[0].date == Date(timeIntervalSince1970: 1_735_787_046))
        #expect(try store.session("claude-11-22")?.title == "What is a fjord?")
        #expect(try store.session("claude-11-22")?.persona == "Claude")
    }

    @Test func importingTwiceAddsNothing() throws {
        let (store, report) = try importing(text, twice: true)
        #expect(report == ImportReport(known: 1, empty: 1))
        #expect(try store.sessions(limit: 9).count == 1)
    }
}

struct MalformedImportTests {
    private let good = #"{"uuid": "a1", "chat_messages": [{"sender": "human", "text": "hi"}]}"#

    @Test func brokenConversationsAreReportedByNumber() throws {
        let broken = [
            "3", "null", "{}", #"{"mapping": 3}"#, #"{"uuid": "../x", "chat_messages": []}"#, #"{"chat_messages": {}}"#,
            #"{"a" 1}"#, "[[]]", #"{"uuid": "\u0000", "chat_messages": []}"#,
        ]
        let (store, report) = try importing("[\(broken.joined(separator: ",")), \(good)]")
        #expect(report.sessions == 1)
        #expect(report.problems.map(\.place) == (1...9).map { "conversation \($0) of conversations.json" })
        #expect(try store.session("claude-a1") != nil)
    }

    @Test func aFileThatBreaksOffKeepsWhatCameBefore() throws {
        let whole = "[\(good), \(good.replacing("a1", with: "b2"))]"
        for length in stride(from: 1, to: whole.utf8.count, by: 7) {
            let part = String(decoding: whole.utf8.prefix(length), as: UTF8.self)
            let (_, report) = try importing(part)
            let isFirstWhole = length > good.utf8.count + 1
            #expect(report.sessions == (isFirstWhole ? 1 : 0), "after \(length) bytes")
        }
    }

    @Test func deepNestingIsAProblemNeverACrash() throws {
        let deep = String(repeating: "[", count: 100_000)
        let (_, report) = try importing("[{\"mapping\": \(deep)")
        #expect(report.problems.count == 1)
        let closed = deep + String(repeating: "]", count: 100_000)
        #expect(try importing("[\(closed), \(good)]").report.sessions == 1)
    }

    @Test(arguments: ["", "{}", "hello", "\u{FEFF}{"])
    func somethingElseThanAListIsRefused(text: String) throws {
        #expect(throws: ImportError.self) { try importing(text) }
    }

    @Test func anArchiveIsToBeUnpackedFirst() throws {
        try withFolder { folder in
            let file = folder.appending(path: "export.zip")
            try Data([0x50, 0x4B, 3, 4, 0, 0]).write(to: file)
            #expect(throws: ImportError.isArchive(path: file.path)) {
                try CompanionStore.forTest().importConversations(from: file.path)
            }
        }
    }

    @Test func aFolderOrFileThatIsNotThereIsNamed() throws {
        try withFolder { folder in
            let store = try CompanionStore.forTest()
            #expect(throws: ImportError.noConversations(path: folder.path)) {
                try store.importConversations(from: folder.path)
            }
            #expect(throws: ImportError.self) { try store.importConversations(from: folder.path + "/none.json") }
        }
    }

    /// Bytes changed at random: an error or a report, and never a crash.
    @Test func damagedExportsNeverCrash() throws {
        let tree =
            node("u", parent: nil, role: "user", text: "hi") + ","
            + node("a", parent: "u", role: "assistant", text: "x")
        let bytes = Array("[\(chatGPT("abc", nodes: tree, current: "a")), \(good)]".utf8)
        var random = SeededGenerator(seed: 3)
        let store = try CompanionStore.forTest()
        try withFolder { folder in
            let file = folder.appending(path: "conversations.json")
            for _ in 0..<300 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let interesting = Array("\"\\[]{},:0e-\u{1}".utf8)
                    changed[Int.random(in: 0..<changed.count, using: &random)] =
                        interesting.randomElement(using: &random) ?? 0
                }
                try Data(changed).write(to: file)
                do { _ = try store.importConversations(from: file.path) } catch is ImportError {}
            }
        }
        #expect(try store.sessions(limit: 1000).allSatisfy { !$0.id.isEmpty })
    }
}
