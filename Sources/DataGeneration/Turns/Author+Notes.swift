import Companion
import Foundation
import JSON
import TrainingData

/// Turns about notes.
extension Author {
    struct Noted {
        var title, text, save, ask, answer: String
    }

    mutating func noted() -> Noted { random.chance(65) ? anyNoted() : boundNoted() }

    /// Anything at all, noted in the user's own words.
    private mutating func anyNoted() -> Noted {
        let row = noteContents.draw(&random)
        var slots = Slots()
        let text = slots.fill(row[1], &random)
        let title = slots.fill(row[0], &random).replacing("the ", with: "")
        let isItem = title == "shopping list" && random.chance(60)
        let frame =
            isItem ? phrase("list item", NoteBank.listItemFrames) : phrase("save", NoteBank.saveFrames)
        let save = frame.replacing("{q}", with: Wording.inner(text)).replacing("{Q}", with: Wording.capitalised(text))
        let ask = phrase("read", NoteBank.readFrames).replacing("{q}", with: slots.fill(row[2], &random))
        return Noted(
            title: title, text: Wording.capitalised(text), save: save, ask: ask,
            answer: Self.sentence(slots.fill(row[3], &random)))
    }

    private mutating func boundNoted() -> Noted {
        let row = notes.draw(&random)
        var slots = Slots()
        let text = slots.fill(row[1], &random)
        return Noted(
            title: row[0], text: Wording.capitalised(text),
            save: random.pick(Bank.choices(slots.fill(row[2], &random))),
            ask: random.pick(Bank.choices(row[3])), answer: Wording.capitalised(slots.fill(row[4], &random)))
    }

    /// Notes that were there before.
    private mutating func older(_ count: Int, in scene: Scene, besides title: String = "") {
        if scene.store.notes().isEmpty { scene.store.set(nextNote: Int64(random.integer(1...30))) }
        var titles = Set(scene.store.notes().map(\.title)).union([title])
        var date = scene.now - Double(random.integer(60...120) * 86400)
        for _ in 0..<count {
            let note = noted()
            guard titles.insert(note.title).inserted else { continue }
            scene.store.add(title: note.title, text: note.text, date: date)
            date += Double(random.integer(1...18) * 86400)
        }
    }

    mutating func savesNote(in scene: inout Scene) async {
        let note = noted()
        say(note.save, in: &scene)
        if scene.store.notes().isEmpty { scene.store.set(nextNote: Int64(random.integer(1...40))) }
        _ = await scene.call(
            "save_note", JSONObject([("text", .string(note.text)), ("title", .string(note.title))]))
        scene.annie(phrase("saved note", NoteBank.saved))
    }

    mutating func readsNote(found isFound: Bool = true, in scene: inout Scene) async {
        let note = noted()
        older(random.integer(0...2), in: scene, besides: note.title)
        if isFound {
            scene.store.add(
                title: note.title, text: note.text, date: scene.now - 86400)
        }
        say(note.ask, in: &scene)
        _ = await scene.call("list_notes")
        let missing = [
            "There's no \(note.title) note.", "I find nothing about that in your notes.",
            "Your notes say nothing about that.",
        ]
        scene.annie(isFound ? note.answer : random.pick(missing))
    }

    mutating func listsNotes(in scene: inout Scene) async {
        let count = random.pick([0, 1, 2, 2, 3])
        older(count, in: scene)
        say(phrase("list", NoteBank.listFrames + NoteBank.moreListFrames), in: &scene)
        _ = await scene.call("list_notes")
        let titles = scene.store.notes().map(\.title)
        switch titles.count {
        case 0: scene.annie(phrase("no notes", NoteBank.empty))
        case 1: scene.annie("Just one, about \(Self.spoken(titles[0])).")
        default:
            let first = titles.dropLast().map(Self.spoken).joined(separator: ", ")
            scene.annie(
                random.pick(["You have notes on ", "There are notes on ", "Your notes are about "]) + first + " and "
                    + Self.spoken(titles[titles.count - 1]) + ".")
        }
    }

    private static func spoken(_ title: String) -> String {
        title.first?.isUppercase ?? false || title.hasSuffix("s") && title != "guests" || title == "homework"
            ? title : "the \(title)"
    }

    mutating func deletesNote(in scene: inout Scene) async {
        let note = noted()
        older(random.integer(1...2), in: scene, besides: note.title)
        let isThere = random.chance(80)
        if isThere { scene.store.add(title: note.title, text: note.text, date: scene.now - 86400) }
        if isThere, random.chance(40) {
            let id = Int(scene.store.notes()[0].id)
            let frames = NoteBank.deleteNumberFrames + NoteBank.moreDeleteNumberFrames
            let number = random.chance(50) ? "\(id)" : Self.spelled(id)
            say(phrase("delete number", frames).replacing("{n}", with: number), in: &scene)
            _ = await scene.call("delete_note", JSONObject([("number", .integer(id))]))
        } else {
            say(
                phrase("delete", NoteBank.deleteFrames + NoteBank.moreDeleteFrames).replacing(
                    "{title}", with: note.title), in: &scene)
            _ = await scene.call("delete_note", JSONObject([("title", .string(note.title))]))
        }
        let answer = isThere ? phrase("deleted", NoteBank.deleted) : phrase("no such note", NoteBank.noSuchNote)
        scene.annie(answer.replacing("{title}", with: note.title))
    }

    /// As a speech recogniser may write a number below a hundred.
    static func spelled(_ number: Int) -> String {
        let small = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
        let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        if number < small.count { return small[number] }
        guard number < 100 else { return "\(number)" }
        return tens[number / 10] + (number % 10 == 0 ? "" : "-" + small[number % 10])
    }

    /// Several things with one's notes, one after the other: neighbours in meaning, told apart.
    mutating func keepsNotes(in scene: inout Scene) async {
        await savesNote(in: &scene)
        for _ in 0..<random.integer(1...2) {
            switch random.next(below: 5) {
            case 0: await savesNote(in: &scene)
            case 1: await listsNotes(in: &scene)
            case 2: await deletesNote(in: &scene)
            case 3: await readsNote(in: &scene)
            default: await remembers(in: &scene)
            }
        }
    }

    /// Which note is meant only the list tells.
    mutating func deletesOrderedNote(in scene: inout Scene) async {
        older(random.integer(2...3), in: scene)
        let words = phrase("ordered", NoteBank.orderedFrames)
        say(words, in: &scene)
        _ = await scene.call("list_notes")
        let notes = scene.store.notes()
        guard let note = words.contains("oldest") ? notes.last : notes.first else { return }
        _ = await scene.call("delete_note", JSONObject([("number", .integer(Int(note.id)))]))
        let answers = [
            "Your {title} note is gone.", "Gone, that was the one about {title}.", "Deleted, it was about {title}.",
        ]
        scene.annie(random.pick(answers).replacing("{title}", with: note.title))
    }

    /// She gives advice, and the user wants it in writing.
    mutating func notesAdvice(in scene: inout Scene) async {
        let advice = advice.draw(&random)
        exchange(advice, in: &scene)
        let words = phrase("this", NoteBank.thisFrames)
        scene.user(words + ".")
        scene.store.set(nextNote: Int64(random.integer(1...40)))
        _ = await scene.call("save_note", JSONObject([("text", .string(advice.answer))]))
        scene.annie(phrase("saved note", NoteBank.saved))
    }
}
