import Foundation
import Inference
import Testing

/// Conversations as Qwen3.5's template renders them with thinking off: the generation prompt holds an empty reasoning
/// that the history leaves out, so no prompt is a prefix of the next.
private struct Chat {
    /// Tokens that begin a turn, and the generation prompt.
    private static let start: Int32 = 501
    private static let generation: [Int32] = [501, 502, 503, 504, 505]
    private static let replyInHistory: [Int32] = [501, 502]
    var history: [Int32]

    init(system: Int, seed: Int) { history = [Self.start] + TinyModel.prompt(system, seed: seed) }

    mutating func say(_ count: Int, seed: Int) { history += [Self.start] + TinyModel.prompt(count, seed: seed) }
    mutating func hear(_ reply: [Int32]) { history += Self.replyInHistory + reply }
    var prompt: [Int32] { history + Self.generation }
    var turnStarts: [Int] { prompt.indices.filter { prompt[$0] == Self.start } }

    func request(tokens: Int = 12) -> GenerationRequest {
        var request = TinyModel.request(prompt, tokens: tokens)
        request.turnStarts = turnStarts
        return request
    }
}

@Suite struct SnapshotTests {
    private func engine(_ change: (inout EngineOptions) -> Void = { _ in }) throws -> Engine {
        try TinyModel.engine("qwen3_5_tiny", change)
    }

    @Test func everyReplyIsThatOfAColdRunAndATurnPaysForItsNewTokensAlone() async throws {
        let warm = try engine()
        let cold = try engine { $0.reusesPrefixes = false }
        var chat = Chat(system: 90, seed: 1)
        for turn in 0..<6 {
            chat.say(20 + turn, seed: turn + 2)
            let reused = try await warm.reply(to: chat.request())
            let fresh = try await cold.reply(to: chat.request())
            #expect(reused.ids == fresh.ids, "turn \(turn)")
            // The last reply, the new turn and what begins a reply.
            if turn > 0 {
                let cached = try #require(reused.prompt?.cachedTokenCount)
                #expect(chat.prompt.count - cached == 2 + 12 + 1 + 20 + turn + 5, "turn \(turn)")
            }
            chat.hear(reused.ids)
        }
    }

    @Test func editedHistoryRegeneratedRepliesAndOtherSessionsPayOnlyForWhatIsNew() async throws {
        let warm = try engine()
        let cold = try engine { $0.reusesPrefixes = false }
        func expectSame(_ chat: Chat, cached: Int, _ what: String) async throws -> [Int32] {
            let reused = try await warm.reply(to: chat.request())
            #expect(reused.ids == (try await cold.reply(to: chat.request())).ids, "\(what)")
            #expect(reused.prompt?.cachedTokenCount == cached, "\(what)")
            return reused.ids
        }
        var chat = Chat(system: 90, seed: 1)
        let system = chat.history.count
        chat.say(20, seed: 2)
        let firstTurn = chat.history.count
        chat.hear(try await expectSame(chat, cached: 0, "first"))
        chat.say(25, seed: 3)
        let secondTurn = chat.history.count
        _ = try await expectSame(chat, cached: firstTurn, "second")
        _ = try await expectSame(chat, cached: secondTurn, "regenerated")
        var edited = Chat(system: 90, seed: 1)
        edited.say(20, seed: 2)
        edited.hear(TinyModel.prompt(7, seed: 50))
        edited.say(25, seed: 3)
        _ = try await expectSame(edited, cached: firstTurn, "edited")
        var other = Chat(system: 90, seed: 1)
        other.say(30, seed: 60)
        _ = try await expectSame(other, cached: system, "other session")
    }

    @Test func aBeginningThatTwoPromptsShareIsKeptForTheThird() async throws {
        let engine = try engine()
        let cold = try self.engine { $0.reusesPrefixes = false }
        let shared = TinyModel.prompt(120)
        // Without turns: where the second parts from the first is found by comparing them.
        for (seed, cached) in [(2, 0), (3, 0), (4, 120)] {
            let request = TinyModel.request(shared + [Int32(500 - seed)] + TinyModel.prompt(9, seed: seed), tokens: 8)
            let reply = try await engine.reply(to: request)
            #expect(reply.prompt?.cachedTokenCount == cached)
            #expect(reply.ids == (try await cold.reply(to: request)).ids)
        }
    }

    @Test func keptStatesStayWithinTheirMemory() async throws {
        // Room for three states; the least recently used go.
        let bytes = 3 * (3 * 256 + 4 * 32 * 32) * 4
        let engine = try engine { $0.snapshotMemory = 3 * bytes + 100 }
        let chats = (0..<3).map { seed in
            var chat = Chat(system: 40, seed: 10 * seed + 1)
            chat.say(20, seed: 10 * seed + 2)
            return chat
        }
        for chat in chats { _ = try await engine.reply(to: chat.request(tokens: 2)) }
        #expect(try await engine.reply(to: chats[2].request(tokens: 2)).prompt?.cachedTokenCount ?? 0 > 0)
        #expect(try await engine.reply(to: chats[0].request(tokens: 2)).prompt?.cachedTokenCount == 0)
        let none = try self.engine { $0.snapshotMemory = 0 }
        for _ in 0..<2 {
            #expect(try await none.reply(to: chats[0].request(tokens: 2)).prompt?.cachedTokenCount == 0)
        }
    }

    @Test func aLongConversationKeepsFewOfItsStatesAndLeavesThoseOfOthers() async throws {
        let state = (3 * 3 * 256 + 3 * 4 * 32 * 32) * 4
        let engine = try engine { $0.snapshotMemory = 14 * state }
        let cold = try self.engine { $0.reusesPrefixes = false }
        var other = Chat(system: 30, seed: 90)
        other.say(20, seed: 91)
        _ = try await engine.reply(to: other.request(tokens: 2))
        var chat = Chat(system: 20, seed: 1)
        var ends: [Int] = []
        for turn in 0..<24 {
            chat.say(4, seed: turn + 2)
            ends.append(chat.history.count)
            chat.hear(try await engine.reply(to: chat.request(tokens: 2)).ids)
        }
        #expect(try await engine.reply(to: other.request(tokens: 2)).prompt?.cachedTokenCount == 52)
        // The tenth turn is asked again in other words.
        var edited = chat
        edited.history = Array(chat.history.prefix(ends[9])) + TinyModel.prompt(6, seed: 77)
        let reply = try await engine.reply(to: edited.request(tokens: 4))
        #expect(reply.ids == (try await cold.reply(to: edited.request(tokens: 4))).ids)
        let since = ends[23] - ends[9]
        #expect(reply.prompt?.cachedTokenCount ?? 0 >= ends[9] - since)
        #expect(reply.prompt?.cachedTokenCount ?? 0 > 30)
    }

    @Test func aTurnThatIsReadInManyStepsIsKeptAllTheSame() async throws {
        let engine = try engine { $0.maximumBatchedTokens = 16 }
        let cold = try self.engine { $0.reusesPrefixes = false }
        var chat = Chat(system: 70, seed: 1)
        chat.say(33, seed: 2)
        chat.hear(try await engine.reply(to: chat.request()).ids)
        let turn = chat.history.count - 14
        chat.say(5, seed: 3)
        let reply = try await engine.reply(to: chat.request())
        #expect(reply.prompt?.cachedTokenCount == turn)
        #expect(reply.ids == (try await cold.reply(to: chat.request())).ids)
    }

    // MARK: On the disk

    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "annie-snapshots-\(UUID().uuidString)")
        var files: [URL] {
            (try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? []
        }
        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private func stop(_ engine: Engine) {
        engine.shutDown()
        #expect(engine.waitUntilStopped())
    }

    @Test(arguments: ["qwen3_5_tiny", "qwen3_tiny"])
    func aSessionGoesOnAfterARestartWithoutReadingItsHistoryAgain(name: String) async throws {
        let folder = Folder()
        let cold = try TinyModel.engine(name) { $0.reusesPrefixes = false }
        func run(_ chat: Chat) async throws -> Reply {
            let engine = try TinyModel.engine(name) { $0.snapshotDirectory = folder.url }
            let reply = try await engine.reply(to: chat.request())
            stop(engine)
            return reply
        }
        var chat = Chat(system: 90, seed: 1)
        chat.say(20, seed: 2)
        let turn = chat.history.count
        chat.hear(try await run(chat).ids)
        chat.say(25, seed: 3)
        let second = try await run(chat)
        #expect(second.prompt?.cachedTokenCount ?? 0 >= turn)
        #expect(second.ids == (try await cold.reply(to: chat.request())).ids)
        // The turn's state took the place of the one before.
        #expect(folder.files.count <= 2)
    }

    @Test func snapshotsOfAnotherModelOrDamagedOnesAreIgnored() async throws {
        let folder = Folder()
        var chat = Chat(system: 90, seed: 1)
        chat.say(20, seed: 2)
        let engine = try engine { $0.snapshotDirectory = folder.url }
        _ = try await engine.reply(to: chat.request())
        stop(engine)
        let other = try TinyModel.engine("qwen3_5_tiny_tied") { $0.snapshotDirectory = folder.url }
        #expect(try await other.reply(to: chat.request()).prompt?.cachedTokenCount == 0)
        let settings = try self.engine {
            $0.snapshotDirectory = folder.url
            $0.loading.dataType = .float32
        }
        #expect(try await settings.reply(to: chat.request()).prompt?.cachedTokenCount == 0)
        for file in folder.files {
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count - 100] ^= 1
            try bytes.write(to: file)
        }
        try Data("nonsense".utf8).write(to: folder.url.appending(path: "x.state.safetensors"))
        let damaged = try self.engine { $0.snapshotDirectory = folder.url }
        #expect(try await damaged.reply(to: chat.request()).prompt?.cachedTokenCount == 0)
    }
}
