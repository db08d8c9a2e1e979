import Companion
import Foundation
import JSON
import TrainingData

/// Writes scenes from the banks. Extensions hold the kinds of turns.
struct Author {
    var random: SeededGenerator
    var knowledge = Deck(KnowledgeBank.all)
    var plainFacts = Deck(PlainFactBank.all)
    var smallTalk = Deck(TalkBank.smallTalk)
    var feelings = Deck(TalkBank.feelings)
    var advice = Deck(TalkBank.advice)
    var opinions = Deck(TalkBank.opinions)
    var identity = Deck(TalkBank.identity)
    var plainSpeech = Deck(PlainSpeechBank.all)
    var culture = Deck(CultureBank.all)
    var otherLanguages = Deck(CultureBank.otherLanguages)
    var contrasts = Deck(ContrastBank.all)
    var passing = Deck(MemoryBank.passing)
    var threads = Deck(ThreadBank.all)
    var facts = Deck(MemoryBank.facts)
    var talks = Deck(MemoryBank.talks)
    var followUps = Deck(MemoryBank.followUps)
    var web = Deck(WebBank.all)
    var weather = Deck(WebBank.weather)
    var orders = Deck(WebBank.orders)
    var notes = Deck(NoteBank.notes)
    var zones = Deck(MomentBank.zones)
    var names = Deck(WordLists.people)
    var traits = Deck(TraitBank.all)
    var indirectNames = Deck(NamingBank.indirect)
    var besideOthers = Deck(NamingBank.besideOther)
    var unknownNames = Deck(NamingBank.unknown)
    var mentions = Deck(NamingBank.mentions)
    var herNames = Deck(NamingBank.hers)
    var noteContents = Deck(NoteBank.contents)
    var cities = Deck(ProfileBank.cities)
    var phrases: [String: Deck<String>] = [:]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    // MARK: Words

    /// One of several phrases, none again before all were used.
    mutating func phrase(_ name: String, _ choices: [String]) -> String {
        phrases[name, default: Deck(choices)].draw(&random)
    }

    /// The user's words as they come in: framed, or as they are.
    mutating func say(_ words: String, in scene: inout Scene, remembering facts: [String] = []) {
        var text = words + Wording.mark(for: words)
        if scene.switchesTopic {
            text = Wording.framed(words, in: phrase("switch", MomentBank.switches))
        } else if Wording.isImperative(words) {
            if random.chance(45) { text = Wording.framed(words, in: phrase("ask", MomentBank.asks)) }
        } else if Wording.isQuestion(words) {
            if random.chance(25) { text = Wording.framed(words, in: phrase("opener", MomentBank.openers)) }
        } else if words.split(separator: " ").count > 3, random.chance(15) {
            text = Wording.framed(words, in: phrase("lead", MomentBank.leads))
        }
        if random.chance(10) { text = Wording.bare(text) }
        if random.chance(8), scene.userTurns > 0 { scene.now += Double(random.integer(15...90) * 60) }
        scene.user(text, remembering: facts)
    }

    mutating func exchange(_ exchange: Exchange, in scene: inout Scene) {
        say(random.pick(exchange.asked), in: &scene)
        scene.annie(exchange.answer)
    }

    /// Words that lean on those before them, or are of another language, come as they are.
    mutating func plainly(_ exchange: Exchange, in scene: inout Scene) {
        let words = random.pick(exchange.asked)
        scene.user(words + Wording.mark(for: words))
        scene.annie(exchange.answer)
    }

    // MARK: People

    mutating func person() -> Person {
        var person = Person()
        if random.chance(85) { person.profile.name = names.draw(&random) }
        if random.chance(80) { person.profile.city = cities.draw(&random) }
        if random.chance(60) {
            person.profile.languages = random.pick(ProfileBank.languages).split(separator: ", ").map(String.init)
        }
        if random.chance(70) {
            addTraits(random.pick([1, 1, 2, 2, 3]), to: &person)
        } else {
            addPreferences(to: &person)
        }
        return person
    }

    /// Things drawn anew, so that answers must be read from the profile.
    private mutating func addTraits(_ count: Int, to person: inout Person) {
        var slots = Slots(["name": person.profile.name, "city": person.profile.city])
        let isShort = random.chance(15)
        for _ in 0..<count {
            let (forms, exchanges) = traits.draw(&random)
            let form = isShort ? forms[0] : random.pick(Array(forms.dropFirst()))
            person.profile.preferences.append(slots.fill(form, &random))
            for exchange in exchanges {
                let asked = exchange.asked.map { slots.fill($0, &random) }
                person.traits.append(
                    Exchange(asked: asked, answer: Self.sentence(slots.fill(exchange.answer, &random))))
            }
        }
    }

    private mutating func addPreferences(to person: inout Person) {
        let isTyped = random.chance(50)
        let wanted = [0, 1, 1, 2, 2, 3][random.next(below: 6)]
        var kinds: Set<String> = []
        for row in random.shuffled(ProfileBank.preferences) where person.profile.preferences.count < wanted {
            guard kinds.insert(Self.kind(of: row)).inserted else { continue }
            let forms = Bank.choices(row[0])
            person.profile.preferences.append(isTyped ? forms[0] : forms[1])
            person.traits.append(Exchange(asked: Bank.choices(row[1]), answer: row[2]))
            person.traits.append(Exchange(asked: Bank.choices(row[3]), answer: row[4]))
        }
    }

    /// With a capital and a full stop.
    static func sentence(_ text: String) -> String {
        Wording.capitalised(text) + (text.last.map { ".!".contains($0) } ?? true ? "" : ".")
    }

    /// Preferences of one kind would contradict each other, or each other's answers.
    private static func kind(of row: [String]) -> String {
        let text = row[0]
        let kinds = [
            "food": ["veg", "nuts", "diabet", "coriander", "Karnataka", "alcohol"], "home": ["alone", "children"],
            "sport": ["knees", "marathon", "asthma"], "pets": ["dog", "cats"], "work": ["works", "teacher", "studies"],
            "ride": ["cycles", "drives"],
        ]
        return kinds.keys.sorted().first { kind in kinds[kind]?.contains { text.contains($0) } ?? false } ?? text
    }

    mutating func scene(_ person: Person? = nil, hasTools: Bool = true) -> Scene {
        let zone = zones.draw(&random)[1]
        let timeZone = TimeZone(identifier: zone) ?? .gmt
        return Scene(
            person: person ?? self.person(), hasTools: hasTools, now: moment(in: timeZone), timeZone: timeZone,
            tellsTime: random.chance(75))
    }

    /// Between spring 2025 and spring 2027, when people are awake.
    private mutating func moment(in timeZone: TimeZone) -> Date {
        while true {
            let now = Date(timeIntervalSince1970: 1_741_000_000 + Double(random.next(below: 63_000_000 / 60) * 60))
            let second = (Int(now.timeIntervalSince1970) + timeZone.secondsFromGMT(for: now)) % 86400
            if (6 * 3600..<23 * 3600).contains(second) { return now }
        }
    }
}
