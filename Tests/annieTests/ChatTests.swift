import Foundation
import JSON
import Testing
import annie

@Suite("Commands in a conversation")
struct ChatCommandTests {
    @Test(
        "a line is a command, a message, or nothing",
        arguments: [
            ("hello /reset", ChatInput.say("hello /reset")), ("  ", .nothing), ("/reset", .reset),
            ("/system Be brief.\nAlways.", .system("Be brief.\nAlways.")), ("/system", .system("")),
            ("/save a b.jsonl", .save("a b.jsonl")), ("/stats", .statistics), ("/exit ", .exit), ("/quit", .exit),
            ("//usr/bin", .say("/usr/bin")),
        ])
    func commands(text: String, command: ChatInput) { #expect(ChatInput(text) == command) }

    @Test("an unknown command is not sent to the model", arguments: ["/sytem x", "/save"])
    func mistakes(text: String) {
        guard case .mistake = ChatInput(text) else {
            Issue.record("\(text) was taken for something else")
            return
        }
    }
}

@Suite("A conversation")
struct ConversationTests {
    @Test("the system prompt comes first, and setting it starts over")
    func system() {
        var conversation = Conversation()
        conversation.append(role: "user", content: "hi")
        conversation.system = "Be brief."
        #expect(conversation.isEmpty)
        conversation.append(role: "user", content: "hi")
        #expect(conversation.allMessages.count == 2)
        #expect(conversation.allMessages.first?.text(.compact) == #"{"role":"system","content":"Be brief."}"#)
    }

    @Test("reset forgets what was said and keeps the system prompt")
    func reset() {
        var conversation = Conversation(system: "s")
        conversation.append(role: "user", content: "hi")
        conversation.reset()
        #expect(conversation.allMessages.count == 1)
    }

    @Test("each saved conversation is one line of JSON in the file")
    func saving() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "annie-\(UUID()).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        var conversation = Conversation(system: "s")
        conversation.append(role: "user", content: "two\nlines")
        try conversation.save(to: file.path)
        try conversation.save(to: file.path)
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        let saved = try JSONValue(parsing: String(lines[1]))
        #expect(saved == .object(JSONObject([("messages", .array(conversation.allMessages))])))
    }

    @Test("a file that cannot be written is an error")
    func unwritable() {
        #expect(throws: (any Error).self) { try Conversation().save(to: "/no/such/folder/x.jsonl") }
    }
}
