import Companion
import Testing

struct FactTests {
    @Test func theSameFactTwiceIsOne() throws {
        let store = try CompanionStore.forTest()
        let first = try store.remember("Rajesh has a dog called Biscuit.")
        #expect(try store.remember("  rajesh has a  dog called Biscuit ") == first)
        #expect(try store.facts(limit: 10) == [first])
    }

    @Test func newerFactsComeFirst() throws {
        let store = try CompanionStore.forTest()
        for text in ["one", "two", "three"] { _ = try store.remember(text) }
        #expect(try store.facts(limit: 2).map(\.text) == ["three", "two"])
    }

    @Test func aForgottenFactIsNotFoundAgain() throws {
        let store = try CompanionStore.forTest()
        let fact = try store.remember("The safe's code is 4711")
        #expect(try store.forgetFact(fact.id))
        #expect(try store.forgetFact(fact.id) == false)
        #expect(try store.facts(limit: 10).isEmpty)
        #expect(try store.search("safe code", limit: 5, excludedSession: nil).isEmpty)
    }

    @Test func nothingIsNotAFact() throws {
        let store = try CompanionStore.forTest()
        #expect(throws: StoreError.emptyText) { try store.remember(" \n ") }
        #expect(throws: StoreError.emptyText) { try store.saveNote(title: " ", text: "") }
    }

    @Test func aNoteWithoutTitleIsNamedByItsFirstWords() throws {
        let store = try CompanionStore.forTest()
        let note = try store.saveNote(title: "", text: "milk and bread")
        #expect(note.title == "milk and bread")
        #expect(try store.notes() == [note])
    }

    @Test func aDeletedNoteIsGone() throws {
        let store = try CompanionStore.forTest()
        let note = try store.saveNote(title: "shopping", text: "milk")
        #expect(try store.deleteNote(note.id))
        #expect(try store.deleteNote(note.id) == false)
        #expect(try store.notes().isEmpty)
    }
}
