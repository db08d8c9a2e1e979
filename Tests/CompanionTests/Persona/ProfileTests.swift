import Companion
import Testing

@Suite("The profile and its interview")
struct ProfileTests {
    @Test("Three answers make a profile")
    func interview() {
        var interview = ProfileInterview()
        for answer in ["  Rajesh ", "Bengaluru", "English, Kannada and hindi; vegetarian. Works nights."] {
            #expect(interview.question != nil)
            #expect(interview.answer(answer) == nil)
        }
        #expect(interview.question == nil)
        #expect(
            interview.profile
                == Profile(
                    name: "Rajesh", city: "Bengaluru", languages: ["English", "Kannada", "Hindi"],
                    preferences: ["vegetarian", "Works nights"]))
    }

    @Test("Languages and the rest may stand in one enumeration")
    func mixedAnswer() {
        var interview = ProfileInterview()
        _ = interview.answer("")
        _ = interview.answer("")
        _ = interview.answer("Tamil & English, allergic to nuts, and up early")
        #expect(interview.profile.languages == ["Tamil", "English"])
        #expect(interview.profile.preferences == ["allergic to nuts, up early"])
        #expect(interview.profile.name.isEmpty)
    }

    @Test("An answer that is a book is asked again")
    func longAnswer() {
        var interview = ProfileInterview()
        #expect(interview.answer(String(repeating: "a", count: 2000)) != nil)
        #expect(interview.question == ProfileInterview.questions[0])
    }

    @Test(
        "A profile's file reads back as it was written",
        arguments: [
            "Ann \"the\" O'Neil", "a: b # c", "yes", "1.5", "- x", "", "~", "ಕನ್ನಡ", "a\\b\nc\t", "*x", "{", "null",
            "\u{7}\u{85}",
        ])
    func roundTrip(text: String) throws {
        let trimmed = text.trimmingCharactersOfSpace()
        let profile = Profile(name: trimmed, city: trimmed, languages: [trimmed], preferences: [trimmed, "x"])
        #expect(try Profile(yaml: profile.yaml) == profile, "\(profile.yaml)")
    }
}

extension String {
    fileprivate func trimmingCharactersOfSpace() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
