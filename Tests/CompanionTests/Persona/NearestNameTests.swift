import Companion
import Testing

struct NearestNameTests {
    @Test func distanceCountsInsertionsDeletionsAndReplacements() {
        #expect(editDistance("", "abc") == 3)
        #expect(editDistance("kitten", "sitting") == 3)
        #expect(editDistance("port", "port") == 0)
    }

    @Test func onlyWhatCouldBeATypingMistakeIsNamed() {
        #expect(nearestName(to: "greting", among: ["name", "greeting", "voice"]) == "greeting")
        #expect(nearestName(to: "zzzzzz", among: ["name", "greeting", "voice"]) == nil)
        #expect(nearestName(to: "x", among: []) == nil)
    }
}
