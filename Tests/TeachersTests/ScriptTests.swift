import Companion
import JSON
import Teachers
import Testing
import TrainingData

/// What becomes of a conversation that a teacher writes as text, in a setting.
private func judged(_ text: String, in setting: Setting, as category: TaughtCategory) async -> Result<
    TrainingConversation, Rejection
> {
    do { return await (try Judging(persona: .annie)).judged(text, in: setting, as: category) } catch {
        return .failure(Rejection("no judge", "\(error)"))
    }
}

private func reason(_ text: String, in setting: Setting, as category: TaughtCategory = .mixed) async -> String {
    switch await judged(text, in: setting, as: category) {
    case .success: "kept"
    case .failure(let rejection): rejection.reason
    }
}

/// A reply as the only turn.
private func single(_ reply: String, user: String = "Why do cats purr", calls: String = "[]") -> String {
    let value: JSONValue = ["user": .string(user), "reply": .string(reply)]
    let calls = #""calls":\#(calls),"#
    return #"{"conversations":[{"turns":[{"# + calls + value.text().dropFirst() + "]}]}"
}

@Suite("What teachers write")
struct ScriptTests {
    private let good = single("They are content.")

    @Test("it is found in clean JSON, in a fence, among words, as a bare list and before it breaks off")
    func isFound() async {
        let setting = Setting.plain
        let bare = #"[{"turns":[{"user":"Why do cats purr","reply":"They are content"}]}]"#
        let broken = good.dropLast(2) + #", {"turns": [{"user": "And dogs", "re"#
        for text in [
            good, "```json\n\(good)\n```", "Sure {happy to}! Here: \(good) Enjoy.", bare, String(broken),
            "He said \"so\" [1].\n" + good,
        ] {
            #expect(await reason(text, in: setting) == "kept", "\(text)")
        }
        for text in [
            "", "no", "{\"conversations\": []}", "[[[[", "{\"turns\": 3}", String(repeating: "[", count: 1 << 18),
        ] {
            #expect(await reason(text, in: setting) != "kept", "\(text.prefix(40))")
        }
    }

    @Test("cut, doubled or changed anywhere it is kept or refused, and nothing worse")
    func survivesNoise() async {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<400 {
            var bytes = Array(good.utf8)
            for _ in 0..<(1 + random.next(below: 4)) {
                let place = random.next(below: bytes.count)
                switch random.next(below: 3) {
                case 0: bytes[place] = UInt8(random.next(below: 256))
                case 1: bytes.removeSubrange(place...)
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
                if bytes.isEmpty { bytes = [0x7B] }
            }
            _ = await reason(String(decoding: bytes, as: UTF8.self), in: .plain)
        }
    }

    @Test("it becomes a conversation in our prompt, with the clock and the tools' own words")
    func isStaged() async throws {
        var setting = Setting.plain
        setting.tellsTime = true
        setting.profile.name = "Rosa"
        setting.tools = ["delete_note"]
        setting.notes = [.init(title: "gifts", text: "A kite"), .init(title: "car", text: "Tyres")]
        setting.firstNote = 4
        let call = #"[{"tool":"delete_note","arguments":{"number":5}}]"#
        let text = single("The note about the car is gone.", user: "Bin the note about my car", calls: call)
        let sample = try await judged(text, in: setting, as: .directAction).get()
        let tools = sample.tools.compactMap { $0["function"]?["name"]?.string }
        #expect(tools == BuiltinTools.names)
        #expect(sample.messages.map(\.role) == [.system, .user, .assistant, .tool, .assistant])
        #expect(sample.messages[0].content.contains("Their name is Rosa."))
        #expect(sample.messages[1].content == "[Thursday, 1 January 2026, 12:00]\nBin the note about my car")
        #expect(sample.messages[3].content.hasPrefix("delete_note returned this data"))
        #expect(sample.category == "direct action")
    }

    @Test(
        "replies that break a rule are refused with the reason",
        arguments: [
            ("One thing. Another thing. A third thing.", "more than two sentences"), ("Is it nice?", "a question"),
            ("**They** are content.", "markup"), ("They are content 😀.", "an emoji"),
            ("Let me know.", "an offer"), ("", "empty reply"),
            ("As an AI language model I cannot purr.", "role confusion"),
            ("The user wants to know why.", "think leak"), ("My father had cats.", "claims a life"),
            ("Вони задоволені.", "another language"), ("I will use search_memory now.", "markup"),
        ])
    func keepsRules(reply: String, expected: String) async {
        #expect(await reason(single(reply), in: .plain) == expected)
    }

    @Test("only the tools of the setting are called, and as their schemas say")
    func checksCalls() async {
        var setting = Setting.plain
        func reason(_ calls: String, _ reply: String = "Noted, milk it is.") async -> String {
            await outcome(single(reply, user: "Put milk on my list", calls: calls), setting)
        }
        #expect(await reason(#"[{"tool":"save_note","arguments":{"text":"milk"}}]"#) == "needless call")
        setting.tools = ["save_note"]
        #expect(await reason("[]") == "tool not called")
        #expect(await reason(#"[{"tool":"save_note","arguments":{"text":"milk"}}]"#) == "kept")
        #expect(await reason(#"[{"tool":"save_note","arguments":{}}]"#) == "invalid call")
        #expect(await reason(#"[{"tool":"save_note","arguments":{"text":5}}]"#) == "invalid call")
        #expect(await reason(#"[{"tool":"save_note","arguments":{"text":" "}}]"#) == "invalid call")
        #expect(await reason(#"[{"tool":"save_note","arguments":{"text":"milk","to":"me"}}]"#) == "invalid call")
        #expect(await reason(#"[{"tool":"save_note"},{"arguments":{}}]"#) == "wrong form")
        setting.tools = ["order_pizza"]
        #expect(await reason(#"[{"tool":"order_pizza","arguments":{}}]"#) == "unknown tool")
        setting.tools = ["web_search"]
        #expect(await reason(#"[{"tool":"web_search","arguments":{"query":"milk"}}]"#) == "no search result")
        let found = #"[{"tool":"web_search","arguments":{"query":"milk price"},"result":"A litre costs 95 cents."}]"#
        #expect(await reason(found, "About 95 cents a litre.") == "kept")
        #expect(await reason(found, "About 80 cents a litre.") == "a number from nowhere")
    }

    @Test("what nobody told her is not known, and what she was told is said")
    func checksMemory() async {
        var setting = Setting.plain
        setting.tools = ["search_memory"]
        let call = #"[{"tool":"search_memory","arguments":{"query":"locker"}}]"#
        func reason(_ reply: String) async -> String {
            await outcome(single(reply, user: "Which locker is mine", calls: call), setting, .honestMemory)
        }
        setting.forgotten = "your locker"
        #expect(await reason("I don't remember that one.") == "kept")
        #expect(await reason("It is the blue one.") != "kept")
        setting.forgotten = nil
        setting.memories = ["The user's locker is number 117."]
        #expect(await reason("Number 117.") == "kept")
        #expect(await reason("That is a good locker.") == "result not used")
    }

    @Test("what she will be judged by is not taught")
    func keepsScenariosOut() async throws {
        try await withFolder { folder in
            let yaml = """
                category: talk
                scenarios:
                  - {id: a, turns: [{user: Which river flows through Graz, gates: [concise]}]}
                """
            try yaml.write(toFile: folder + "/held.yaml", atomically: true, encoding: .utf8)
            let judging = try Judging(persona: .annie, keptOut: [folder])
            var setting = Setting.plain
            setting.subjects = ["rivers"]
            for (user, expected) in [
                ("So, which river flows through Graz?", "held-out words"),
                ("Which river flows through Vienna?", "kept"),
            ] {
                let text = single("The river Mur.", user: user)
                let reason =
                    switch await judging.judged(text, in: setting, as: .mixed) {
                    case .success: "kept"
                    case .failure(let rejection): rejection.reason
                    }
                #expect(reason == expected)
            }
        }
    }

    @Test("a category gets what it asks for")
    func checksCategories() async {
        var setting = Setting.plain
        setting.profile = Profile(name: "Rosa", city: "Kochi")
        #expect(await outcome(single("You are Rosa."), setting, .userContext) == "kept")
        #expect(await outcome(single("You are Peter."), setting, .userContext) == "wrong name")
        #expect(await outcome(single("That is a secret."), setting, .userContext) == "user not known")
        #expect(
            await outcome(single("Purring.", user: "Rosa, what do cats do"), setting) == "user speaks to themselves")
        #expect(await outcome(single("Bark.", user: "What do dogs do"), setting) == "off the subject")
        setting.turns = 2
        let same = #"""
            {"turns":[{"user":"Why do tall cats purr","reply":"They are content."},
            {"user":"Why do small cats purr","reply":"For the same reason."}]}
            """#
        #expect(await outcome(same, setting, .topicSwitching) == "no change of topic")
        #expect(await outcome(single("They are content."), setting, .mixed) == "wrong number of turns")
    }
}

/// The same under another name, for nested functions that are called `reason`.
private func outcome(_ text: String, _ setting: Setting, _ category: TaughtCategory = .mixed) async -> String {
    await reason(text, in: setting, as: category)
}

extension Setting {
    /// One turn, no tools, nobody known.
    fileprivate static var plain: Setting {
        Setting(
            profile: Profile(), now: .init(timeIntervalSince1970: 1_767_268_800), timeZone: .gmt, tellsTime: false,
            subjects: ["cats"], turns: 1)
    }
}
